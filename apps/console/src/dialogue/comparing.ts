import { compareFacts, type DiffPart, diffTexts, type Finding } from '@qingnang/text';

/** How a text differs from the original, as of `text`. */
export interface Comparison {
  original: string;
  text: string;
  segments: readonly DiffPart[];
  findings: readonly Finding[];
}

export function compare(original: string, text: string): Comparison {
  return { original, text, segments: diffTexts(original, text), findings: compareFacts(original, text) };
}
