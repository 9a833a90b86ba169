import { join, relative } from 'node:path';
import type { MetricPoint } from '@qingnang/contracts';
import { writeCheckpoint, type CheckpointMeta } from '../checkpoint/training-checkpoint.js';
import type { CheckpointState, RunSink } from '../interfaces.js';
import type { MetricsUploader } from './metrics-uploader.js';
import type { ProgressLine, WatchedFigure } from './progress-line.js';
import type { RunFolder } from './run-folder.js';

/** Where the parts of a run report to. */
export interface ReporterParts {
  folder: RunFolder;
  attempt: number;
  uploader: MetricsUploader | null;
  stopRequested: () => boolean;
  log: (line: string) => void;
  /** CPU seconds of the run so far, over all attempts. */
  cpuSeconds: () => number;
  /** Shows how far the run is. */
  progress: ProgressLine;
  /** Steps of the whole run. */
  steps: number;
  /** Shows a sample to whoever watches; samples are no part of the log. */
  show: (line: string) => void;
}

/** Metrics that the progress line shows, by what it calls them. */
const WATCHED: Partial<Record<string, string>> = { 'train/loss': 'loss', 'ppo/score': 'score' };

/** The run folder and the platform as the training loops see them. */
export class RunReporter implements RunSink {
  /** The last checkpoint written: path relative to the run folder, and the weights' SHA-256. */
  saved: { path: string; weightsHash: string } | null = null;

  private watched: WatchedFigure | null = null;

  constructor(
    private readonly parts: ReporterParts,
    private readonly model: Omit<CheckpointMeta, 'cpuSeconds'>,
  ) {}

  metric(step: number, key: string, value: number): void {
    if (!Number.isFinite(value)) {
      this.parts.log(`Step ${step}: ${key} is not a finite number and is left out.`);
      return;
    }
    const name = WATCHED[key];
    if (name !== undefined) this.watched = { name, value };
    if (key === 'tokens_per_second') this.parts.progress.step(step, this.parts.steps, value, this.watched);
    const point: MetricPoint = { attempt: this.parts.attempt, step, key, value, time: new Date().toISOString() };
    this.parts.folder.appendMetric(point);
    this.parts.uploader?.add(point);
  }

  sample(step: number, promptIds: Int32Array, responseIds: Int32Array, score: number | null): void {
    const { tokenizer } = this.model;
    const prompt = tokenizer.decode([...promptIds]);
    const response = tokenizer.decode([...responseIds]);
    this.parts.show(`Step ${step}: ${prompt} → ${response}`);
    this.parts.folder.appendSample({
      attempt: this.parts.attempt,
      step,
      prompt,
      response,
      score: score !== null && Number.isFinite(score) ? score : null,
    });
  }

  async checkpoint(step: number, state: CheckpointState): Promise<void> {
    const { folder } = this.parts;
    const path = join(folder.checkpoints, `step-${step}`);
    const weightsHash = await writeCheckpoint(path, step, state, {
      ...this.model,
      cpuSeconds: this.parts.cpuSeconds(),
    });
    this.saved = { path: relative(folder.path, path), weightsHash };
    this.parts.log(`Step ${step}: checkpoint written.`);
  }

  stopRequested(): boolean {
    return this.parts.stopRequested();
  }

  log(line: string): void {
    this.parts.log(line);
  }
}
