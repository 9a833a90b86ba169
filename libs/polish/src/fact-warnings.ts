import type { Turn } from '@qingnang/contracts';
import { compareFacts, type FactComparison } from '@qingnang/text';

export interface FactWarning extends FactComparison {
  n: number;
}

type Words = Pick<Turn, 'n' | 'role' | 'text'>;

/**
 * What the polish of each doctor's turn lost and added, against the doctor's own words; turns without findings are left
 * out. Found anew whenever it is shown, so that better rules reach old polishes.
 */
export function factWarnings(original: readonly Words[], polished: readonly Words[]): FactWarning[] {
  return polished.flatMap((turn) => {
    const before = original.find((other) => other.n === turn.n && other.role === 'doctor');
    if (!before || before.text === turn.text) return [];
    const found = compareFacts(before.text, turn.text);
    return found.lost.length + found.added.length > 0 ? [{ n: turn.n, ...found }] : [];
  });
}
