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

/** Where the y axis begins: at 0 when a figure that is about nothing lies a hair below it, else where it fits. */
export function lowerEnd(series: readonly PlotSeries[]): 0 | 'auto' {
  const figures = series.flatMap(({ points }) => points.map(([, y]) => y));
  const [least, most] = [Math.min(...figures), Math.max(...figures)];
  return least < 0 && least > -0.05 * most ? 0 : 'auto';
}

/** The word for a metric in `metrics`; a loss counts tokens or pairs by the method. */
export function metricWord(method: string, key: string): string {
  return method === 'reward' && key === 'train/loss' ? 'metrics.reward_loss' : `metrics.${key.replaceAll('/', '_')}`;
}
