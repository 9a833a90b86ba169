import type { PlainTurn, TurnNote } from '@qingnang/contracts';

export interface NormalisedTurns {
  turns: PlainTurn[];
  /** Sorted, each at most once. */
  notes: TurnNote[];
  /** No doctor turn at all: a prompt, but nothing to learn an answer from. */
  questionOnly: boolean;
}

/** Line ends become `\n`, white space at both ends goes (the ideographic space too). Nothing inside is touched. */
export function trimTurnText(text: string): string {
  return text.replace(/\r\n?/gu, '\n').trim();
}

/** Zero-width marks alone are no words. */
const VISIBLE = /[^\s\p{Cf}]/u;

/**
 * The common form of a dialogue: empty turns dropped, running turns of one speaker merged with a line break, order kept,
 * whatever follows the last doctor turn cut off. A dialogue without any doctor turn is kept whole as `questionOnly`.
 * Applying it twice changes nothing.
 */
export function normaliseTurns(turns: readonly PlainTurn[]): NormalisedTurns {
  const notes = new Set<TurnNote>();
  const kept: PlainTurn[] = [];
  for (const { role, text: given } of turns) {
    const text = trimTurnText(given);
    if (!VISIBLE.test(text)) {
      notes.add('empty_turn_dropped');
      continue;
    }
    const last = kept.at(-1);
    if (last?.role === role) {
      last.text += `\n${text}`;
      notes.add('turns_merged');
    } else kept.push({ role, text });
  }

  const end = kept.findLastIndex((turn) => turn.role === 'doctor') + 1;
  const questionOnly = end === 0;
  if (questionOnly) notes.add('answer_missing');
  else if (end < kept.length) notes.add('trailing_turn_cut');
  const whole = questionOnly ? kept : kept.slice(0, end);
  if (whole.find((turn) => turn.role !== 'system')?.role === 'doctor') notes.add('starts_with_doctor');
  return { turns: whole, notes: [...notes].sort(), questionOnly };
}
