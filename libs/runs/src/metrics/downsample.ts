export type PlotPoint = [x: number, y: number];

/**
 * At most `limit` points that keep a curve's shape (largest triangle, three buckets): first and last stay, of each bucket
 * the point that spans the largest triangle with its neighbours. Points come in ascending x; `limit` is at least 3.
 */
export function downsample(points: readonly PlotPoint[], limit: number): PlotPoint[] {
  if (points.length <= limit) return [...points];
  const kept: PlotPoint[] = [points[0]!];
  const size = (points.length - 2) / (limit - 2);
  for (let bucket = 0; bucket < limit - 2; bucket++) {
    const from = Math.floor(bucket * size) + 1;
    const to = Math.floor((bucket + 1) * size) + 1;
    const ahead = meanOf(points.slice(to, Math.max(to + 1, Math.floor((bucket + 2) * size) + 1)));
    kept.push(mostTelling(points.slice(from, to), kept.at(-1)!, ahead));
  }
  return [...kept, points.at(-1)!];
}

function mostTelling(bucket: readonly PlotPoint[], before: PlotPoint, after: PlotPoint): PlotPoint {
  let best = bucket[0]!;
  let largest = -1;
  for (const point of bucket) {
    const area = Math.abs(
      (before[0] - after[0]) * (point[1] - before[1]) - (before[0] - point[0]) * (after[1] - before[1]),
    );
    if (area > largest) [best, largest] = [point, area];
  }
  return best;
}

function meanOf(points: readonly PlotPoint[]): PlotPoint {
  const sum = points.reduce<PlotPoint>((total, [x, y]) => [total[0] + x, total[1] + y], [0, 0]);
  return [sum[0] / points.length, sum[1] / points.length];
}
