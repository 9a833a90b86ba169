import { appendFileSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  metricPoint,
  runFolderConfig,
  runResult,
  runSample,
  type MetricPoint,
  type RunFolderConfig,
  type RunResult,
  type RunSample,
} from '@qingnang/contracts';
import type { DivergedError } from '../model/adamw-optimiser.js';
import type { z } from 'zod';
import { InputError } from '../data/input.errors.js';

const BAD_BATCH = 'bad-batch.json';

/** The files of a run, as the platform and people read them. Lines are appended at once, so a kill loses none. */
export class RunFolder {
  readonly checkpoints: string;

  constructor(readonly path: string) {
    this.checkpoints = join(path, 'checkpoints');
  }

  /** @throws InputError where no folder can be made */
  async create(): Promise<void> {
    await mkdir(this.checkpoints, { recursive: true }).catch((error: NodeJS.ErrnoException) => {
      throw new InputError(
        'run_folder',
        `No folder can be made at ${this.path} (${error.code}); name another run folder.`,
      );
    });
  }

  /** `null` in a folder no run has started in. @throws InputError when it is not one of ours */
  async readConfig(): Promise<RunFolderConfig | null> {
    return this.readJson('config.json', runFolderConfig);
  }

  async writeConfig(config: RunFolderConfig): Promise<void> {
    await this.replace('config.json', config);
  }

  async readResult(): Promise<RunResult | null> {
    return this.readJson('result.json', runResult);
  }

  async writeResult(result: RunResult): Promise<void> {
    await this.replace('result.json', runResult.parse(result));
  }

  /** A run that goes on has no result yet. */
  async removeResult(): Promise<void> {
    await rm(join(this.path, 'result.json'), { force: true });
    await rm(join(this.path, BAD_BATCH), { force: true });
  }

  /** The rows at which learning failed, with their ids, so that they can be looked at. */
  async writeBadBatch({ update, rows, message }: DivergedError): Promise<void> {
    const named = rows.map(({ rowId, ids }) => ({ row_id: rowId, ids: Array.from(ids) }));
    await this.replace(BAD_BATCH, { update, error: message, rows: named });
  }

  appendMetric(point: MetricPoint): void {
    appendFileSync(join(this.path, 'metrics.jsonl'), JSON.stringify(point) + '\n');
  }

  /** The points of one key, oldest first. */
  async readMetrics(key: string): Promise<MetricPoint[]> {
    const text = await readFile(join(this.path, 'metrics.jsonl'), 'utf8').catch(() => '');
    return text.split('\n').flatMap((line) => {
      const point = parseLine(metricPoint, line);
      return point?.key === key ? [point] : [];
    });
  }

  appendSample(sample: RunSample): void {
    appendFileSync(join(this.path, 'samples.jsonl'), JSON.stringify(sample) + '\n');
  }

  appendLog(line: string): void {
    appendFileSync(join(this.path, 'log.txt'), line + '\n');
  }

  /**
   * Drops what was written after the checkpoint a run goes on from, and a half-written last line.
   * @param step `null` when there is no checkpoint: everything goes
   * @returns the metrics that stay
   */
  async cutAt(step: number | null): Promise<MetricPoint[]> {
    const kept = await this.cutFile('metrics.jsonl', metricPoint, step);
    await this.cutFile('samples.jsonl', runSample, step);
    return kept;
  }

  private async cutFile<T extends { step: number }>(
    name: string,
    schema: z.ZodType<T>,
    step: number | null,
  ): Promise<T[]> {
    const path = join(this.path, name);
    const text = await readFile(path, 'utf8').catch(() => null);
    if (text === null) return [];
    const kept = text.split('\n').flatMap((line) => {
      const value = parseLine(schema, line);
      return value !== null && step !== null && value.step <= step ? [value] : [];
    });
    await writeFile(path + '.new', kept.map((value) => JSON.stringify(value) + '\n').join(''));
    await rename(path + '.new', path);
    return kept;
  }

  private async readJson<T>(name: string, schema: z.ZodType<T>): Promise<T | null> {
    const path = join(this.path, name);
    const text = await readFile(path, 'utf8').catch(() => null);
    if (text === null) return null;
    const value = parseLine(schema, text);
    if (value === null)
      throw new InputError('run_folder', `${path} was not written by this trainer; name another run folder.`);
    return value;
  }

  private async replace(name: string, value: unknown): Promise<void> {
    const path = join(this.path, name);
    await writeFile(path + '.new', JSON.stringify(value, null, 2) + '\n');
    await rename(path + '.new', path);
  }
}

function parseLine<T>(schema: z.ZodType<T>, text: string): T | null {
  try {
    return schema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}
