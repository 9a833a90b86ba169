import { Injectable } from '@nestjs/common';
import { BulkRunner, bulkRunJob, type BulkStep, RECORD_STEPS } from '@qingnang/corpus';
import { makeTaskSetStep } from '@qingnang/preference';
import { type JobAttempt, type JobContext, JobHandler } from '@qingnang/queue';
import { approveStep } from '@qingnang/review';

/** What each library does to many rows at once. */
const STEPS: readonly BulkStep[] = [...RECORD_STEPS, approveStep, makeTaskSetStep];

@JobHandler(bulkRunJob)
@Injectable()
export class BulkRunHandler {
  constructor(private readonly runner: BulkRunner) {}

  run(payload: { projectId: string; jobId: string }, context: JobContext): Promise<void> {
    return this.runner.run(payload, STEPS, context);
  }

  gaveUp(payload: { projectId: string; jobId: string }, attempt: JobAttempt): Promise<void> {
    return this.runner.giveUp(payload, attempt);
  }
}
