import fastDiff from 'fast-diff';

export interface DiffPart {
  op: 'equal' | 'insert' | 'delete';
  text: string;
}

const OPERATIONS = { [-1]: 'delete', [0]: 'equal', [1]: 'insert' } as const;

/**
 * The character-level difference for people's eyes: chance single characters between two edits are folded into them
 * (semantic clean-up). Equal and delete parts joined give `before`; equal and insert parts joined give `after`.
 */
export function diffTexts(before: string, after: string): DiffPart[] {
  return fastDiff(before, after, undefined, true)
    .filter(([, text]) => text !== '')
    .map(([operation, text]) => ({ op: OPERATIONS[operation], text }));
}
