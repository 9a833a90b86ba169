import { loopFlows, type LoopStop } from '@qingnang/contracts';

/** Column and row of each stop: data to the right, learning back to the left, the doctors' references from below. */
export const stopPlaces: Record<LoopStop, readonly [column: number, row: number]> = {
  sources: [0, 0],
  records: [1, 0],
  polish: [2, 0],
  review: [3, 0],
  approved: [4, 0],
  snapshot: [5, 0],
  sft: [6, 0],
  candidates: [6, 1],
  reward_labels: [5, 1],
  reward: [4, 1],
  ppo: [3, 1],
  evaluation: [2, 1],
  references: [5, 2],
};

export type Direction = 'right' | 'left' | 'down' | 'up';

export interface Arrow {
  from: LoopStop;
  to: LoopStop;
  direction: Direction;
  /** CSS grid lines; stops stand on odd ones, arrows between them. */
  column: number;
  row: number;
}

/** CSS grid line of a stop's column or row. */
export function gridLine(place: number): number {
  return place * 2 + 1;
}

function arrowOf(from: LoopStop, to: LoopStop): Arrow {
  const [fromColumn, fromRow] = stopPlaces[from];
  const [toColumn, toRow] = stopPlaces[to];
  const column = fromColumn + toColumn + 1;
  const row = fromRow + toRow + 1;
  if (fromRow === toRow) return { from, to, column, row, direction: toColumn > fromColumn ? 'right' : 'left' };
  return { from, to, column, row, direction: toRow > fromRow ? 'down' : 'up' };
}

export const arrows: readonly Arrow[] = loopFlows.map(([from, to]) => arrowOf(from, to));
