import { type AllowedUse, allowedUse, type SnapshotManifest } from '@qingnang/contracts';
import type { SplitRow } from './item-rows.js';

/** Counts of a manifest, kept while its rows go by. */
export class RowCounts {
  rehearsal = false;
  rows = 0;
  private uses: AllowedUse[] = [...allowedUse.options];
  private readonly by = {
    split: new Map<string, number>(),
    data_set: new Map<string, number>(),
    department: new Map<string, number>(),
    source: new Map<string, number>(),
    licence: new Map<string, number>(),
  };

  add({ split, allowedUse: uses, row }: SplitRow): void {
    this.rows += 1;
    if (!this.uses.every((use) => uses.includes(use))) this.uses = this.uses.filter((use) => uses.includes(use));
    this.rehearsal ||= row.rehearsal;
    const values = {
      split,
      data_set: row.data_set,
      department: row.department ?? '',
      source: row.source,
      licence: row.licence,
    };
    for (const key of ['split', 'data_set', 'department', 'source', 'licence'] as const) {
      this.by[key].set(values[key], (this.by[key].get(values[key]) ?? 0) + 1);
    }
  }

  /** What every text may be used for. */
  allowedUse(): AllowedUse[] {
    return this.uses;
  }

  manifest(): SnapshotManifest['counts'] {
    const { split, data_set, department, source, licence } = this.by;
    return {
      rows: this.rows,
      split: Object.fromEntries(split),
      data_set: Object.fromEntries(data_set),
      department: Object.fromEntries(department),
      source: Object.fromEntries(source),
      licence: Object.fromEntries(licence),
    };
  }
}
