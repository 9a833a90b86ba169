export type FactKind = 'number' | 'drug' | 'disease' | 'negation' | 'hedge' | 'question';

/** Something a polish may neither lose nor add. */
export interface Fact {
  kind: FactKind;
  /** What makes two mentions the same fact, e.g. `3次` for 三次 and 3 次. */
  key: string;
  /** The words as they stand. */
  text: string;
  /** Half-open span in UTF-16 units of the text it was found in. */
  start: number;
  end: number;
}

/** The clause that starts at `from`: up to the next mark that ends one. */
export function clauseFrom(text: string, from: number): string {
  const rest = text.slice(from);
  const end = rest.search(/[，,。；;！!？?、\n]|\.(?!\d)/u);
  return end === -1 ? rest : rest.slice(0, end);
}
