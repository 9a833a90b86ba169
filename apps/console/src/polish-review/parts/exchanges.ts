import type { PolishTask } from '@qingnang/contracts';
import type { ReviewedTurn } from '../session/useWalk';
import type { ExchangeData } from './Exchange';

/** Cuts a dialogue after each of the doctor's turns. */
export function exchangesOf(task: Pick<PolishTask, 'turns'>, reviewed: readonly ReviewedTurn[]): ExchangeData[] {
  const exchanges: ExchangeData[] = [];
  let before: PolishTask['turns'] = [];
  for (const turn of task.turns) {
    if (turn.role !== 'doctor') {
      before = [...before, turn];
      continue;
    }
    const at = exchanges.length + 1;
    const found = reviewed.find(({ n }) => n === turn.n) ?? null;
    exchanges.push({ before, turn: found, position: { at, of: reviewed.length } });
    before = [];
  }
  if (before.length > 0) exchanges.push({ before, turn: null, position: { at: 0, of: reviewed.length } });
  return exchanges;
}
