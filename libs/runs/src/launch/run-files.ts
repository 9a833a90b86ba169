import { createReadStream } from 'node:fs';
import { open, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import {
  metricPoint,
  type MetricPoint,
  runFolderConfig,
  type RunFolderConfig,
  runResult,
  type RunResult,
} from '@qingnang/contracts';

/** `result.json`; null while there is none, or none that can be read. */
export async function readResult(folder: string): Promise<RunResult | null> {
  return runResult.safeParse(await readJson(join(folder, 'result.json'))).data ?? null;
}

/** `config.json` as the trainer wrote it; null before. */
export async function readFolderConfig(folder: string): Promise<RunFolderConfig | null> {
  return runFolderConfig.safeParse(await readJson(join(folder, 'config.json'))).data ?? null;
}

export async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch {
    return null;
  }
}

/** The steps of the complete checkpoints of a run folder, ascending. */
export async function checkpointSteps(folder: string): Promise<number[]> {
  const names = await readdir(join(folder, 'checkpoints')).catch((): string[] => []);
  const steps = names.flatMap((name) => /^step-(\d+)$/.exec(name)?.[1] ?? []);
  return steps.map(Number).sort((a, b) => a - b);
}

/** Bytes of the files directly in a folder. */
export async function folderBytes(folder: string): Promise<number> {
  const names = await readdir(folder);
  const sizes = await Promise.all(names.map(async (name) => (await stat(join(folder, name))).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** All points of `metrics.jsonl`, in batches; a half-written line is passed over. */
export async function* readMetrics(folder: string, batch = 5000): AsyncGenerator<MetricPoint[], void> {
  const path = join(folder, 'metrics.jsonl');
  if (!(await stat(path).catch(() => null))) return;
  let points: MetricPoint[] = [];
  for await (const line of createInterface({ input: createReadStream(path, 'utf8') })) {
    const point = parseLine(line);
    if (point) points.push(point);
    if (points.length < batch) continue;
    yield points;
    points = [];
  }
  if (points.length > 0) yield points;
}

function parseLine(line: string): MetricPoint | null {
  try {
    return metricPoint.safeParse(JSON.parse(line)).data ?? null;
  } catch {
    return null;
  }
}

/** Lines are looked for in this much of a file's end. */
const TAIL_BYTES = 256 * 1024;

/** The last lines of a text file, oldest first; none where there is no file. */
export async function tailLines(path: string, count: number): Promise<string[]> {
  const file = await open(path).catch(() => null);
  if (!file) return [];
  try {
    const { size } = await file.stat();
    const from = Math.max(0, size - TAIL_BYTES);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(size - from), 0, size - from, from);
    const lines = buffer.subarray(0, bytesRead).toString('utf8').split('\n');
    if (from > 0) lines.shift();
    return lines.filter((line) => line !== '').slice(-count);
  } finally {
    await file.close();
  }
}
