import type { DataSource } from 'typeorm';
import type { PurposeRegistry } from '../job/llm-purpose.js';
import type { LlmOptions } from './engine-options.js';
import { JobRunner, type Lane } from './job-runner.js';

/** Runs lanes of jobs for the worker's handler. */
export class LlmJobRunner {
  constructor(
    private readonly dataSource: DataSource,
    private readonly purposes: PurposeRegistry,
    private readonly options: LlmOptions,
  ) {}

  run(lane: Lane, context: { signal: AbortSignal; workerId: string }): Promise<void> {
    return new JobRunner(this.dataSource, this.purposes, this.options, lane, context.workerId).run(context.signal);
  }
}
