import { DataOrder, type DataPlace } from './data-order.js';

/** Rows of one snapshot, and how many of them are drawn for one of a snapshot of weight 1. */
export interface MixPart {
  rows: number;
  weight: number;
}

/** Place in an endless series of rows: of one snapshot, or of each of several. */
export type RowPlace = DataPlace | { parts: DataPlace[] };

/** Indexes of rows without end. */
export interface RowOrder {
  next(): number;
  state(): RowPlace;
}

/**
 * The order in which the rows of one or several snapshots are drawn, as indexes of the rows of all of them one after
 * another. It follows from seed and place alone.
 * @param place where an earlier order stood, to go on from there
 */
export function rowOrder(parts: readonly MixPart[], seed: number, place?: RowPlace): RowOrder {
  const [only] = parts;
  if (parts.length === 1) return new DataOrder(only!.rows, seed, place as DataPlace | undefined);
  return new MixedOrder(parts, seed, (place as { parts: DataPlace[] } | undefined)?.parts);
}

/**
 * Several shuffled series, mixed by weight without chance: the next row comes from the series that lags furthest behind its
 * share, so at any moment two series are less than a row from their shares, and several not much more.
 */
class MixedOrder implements RowOrder {
  private readonly orders: DataOrder[];
  private readonly starts: number[];
  private readonly weights: number;

  constructor(
    private readonly parts: readonly MixPart[],
    seed: number,
    places?: readonly DataPlace[],
  ) {
    this.orders = parts.map(({ rows }, part) => new DataOrder(rows, seed + 104_729 * part, places?.[part]));
    this.starts = parts.map((_part, p) => parts.slice(0, p).reduce((sum, { rows }) => sum + rows, 0));
    this.weights = parts.reduce((sum, { weight }) => sum + weight, 0);
  }

  next(): number {
    const drawn = this.orders.map((order, part) => drawnOf(order.state(), this.parts[part]!.rows));
    const next = 1 + drawn.reduce((sum, n) => sum + n, 0);
    const lag = this.parts.map(({ weight }, part) => (weight * next) / this.weights - drawn[part]!);
    const part = lag.indexOf(Math.max(...lag));
    return this.starts[part]! + this.orders[part]!.next();
  }

  state(): RowPlace {
    return { parts: this.orders.map((order) => order.state()) };
  }
}

function drawnOf({ epoch, at }: DataPlace, rows: number): number {
  return epoch * rows + at;
}
