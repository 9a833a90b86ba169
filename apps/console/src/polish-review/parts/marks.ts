import type { DiffPart, Finding } from '@qingnang/text';

/** Marks are drawn on the text itself, by the browser: no element for each, and they move with what is typed. */
const NAMES = ['polish-inserted', 'polish-fact'] as const;

/** Null in browsers without custom highlights: the difference below and the warnings say the same. */
function highlightOf(name: string): Highlight | null {
  if (typeof CSS === 'undefined' || !('highlights' in CSS) || typeof Highlight === 'undefined') return null;
  const known = CSS.highlights.get(name);
  if (known) return known;
  const made = new Highlight();
  CSS.highlights.set(name, made);
  return made;
}

/** Changes what differs and nothing else, so that ranges over the rest stay where they are. */
export function patch(node: Text, text: string): void {
  const before = node.data;
  if (before === text) return;
  const most = Math.min(before.length, text.length);
  let head = 0;
  while (head < most && before.charCodeAt(head) === text.charCodeAt(head)) head++;
  let tail = 0;
  while (
    tail < most - head &&
    before.charCodeAt(before.length - 1 - tail) === text.charCodeAt(text.length - 1 - tail)
  ) {
    tail++;
  }
  node.replaceData(head, before.length - head - tail, text.slice(head, text.length - tail));
}

function rangeOf(node: Text, start: number, end: number): Range {
  const range = document.createRange();
  range.setStart(node, start);
  range.setEnd(node, Math.min(end, node.length));
  return range;
}

/** Draws them; the function given back takes them away. */
export function paint(node: Text, segments: readonly DiffPart[], findings: readonly Finding[]): () => void {
  const [inserted, fact] = NAMES.map(highlightOf);
  if (!inserted || !fact) return () => undefined;
  const [words, facts]: [Range[], Range[]] = [[], []];
  let at = 0;
  for (const { op, text } of segments) {
    if (op === 'delete') continue;
    if (op === 'insert') words.push(rangeOf(node, at, at + text.length));
    at += text.length;
  }
  for (const { is } of findings) if (is.end > is.start) facts.push(rangeOf(node, is.start, is.end));
  for (const range of words) inserted.add(range);
  for (const range of facts) fact.add(range);
  return () => {
    for (const range of words) inserted.delete(range);
    for (const range of facts) fact.delete(range);
  };
}
