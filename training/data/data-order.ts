import { createRandom } from '@qingnang/kernel';

/** Place in an endless series of shuffled passes; small enough for a checkpoint. */
export interface DataPlace {
  epoch: number;
  at: number;
}

/** Indexes of `count` rows, every pass in a new order that follows from seed and pass alone. */
export class DataOrder {
  private order = new Int32Array(0);
  private place: DataPlace;

  constructor(
    private readonly count: number,
    private readonly seed: number,
    place: DataPlace = { epoch: 0, at: 0 },
  ) {
    if (count < 1) throw new RangeError('An order of no rows has no next one.');
    this.place = { ...place };
    this.shuffle();
  }

  next(): number {
    if (this.place.at === this.count) {
      this.place = { epoch: this.place.epoch + 1, at: 0 };
      this.shuffle();
    }
    return this.order[this.place.at++]!;
  }

  take(n: number): number[] {
    return Array.from({ length: n }, () => this.next());
  }

  state(): DataPlace {
    return { ...this.place };
  }

  private shuffle(): void {
    const random = createRandom(this.seed + 7919 * this.place.epoch);
    // The kernel's shuffle, in four bytes a row.
    const order = Int32Array.from({ length: this.count }, (_, i) => i);
    for (let i = order.length - 1; i > 0; i--) {
      const j = random.below(i + 1);
      [order[i], order[j]] = [order[j]!, order[i]!];
    }
    this.order = order;
  }
}
