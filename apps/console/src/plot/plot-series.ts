/** One curve: `points` as [x, y], in ascending x. */
export interface PlotSeries {
  key: string;
  label: string;
  points: readonly (readonly [number, number])[];
}

export interface PlotRow {
  x: number;
  [key: string]: number | undefined;
}

/** All curves over one x axis; a curve without a point there has a gap. */
export function joinSeries(series: readonly PlotSeries[]): PlotRow[] {
  const rows = new Map<number, PlotRow>();
  for (const { key, points } of series) {
    for (const [x, y] of points) {
      const row = rows.get(x) ?? { x };
      row[key] = y;
      rows.set(x, row);
    }
  }
  return [...rows.values()].sort((a, b) => a.x - b.x);
}

/** Figures of an axis or table: at most four significant digits, large ones whole. */
export function plotFigure(value: number): string {
  if (!Number.isFinite(value)) return '–';
  if (value === 0) return '0';
  return Math.abs(value) >= 1000 ? Math.round(value).toLocaleString('en-US') : String(Number(value.toPrecision(4)));
}
