import { Injectable } from '@nestjs/common';
import { type JobAttempt, type JobContext, JobHandler } from '@qingnang/queue';
import { Freezer, freezeJob } from '@qingnang/snapshot';

@JobHandler(freezeJob)
@Injectable()
export class FreezeHandler {
  constructor(private readonly freezer: Freezer) {}

  run(payload: { projectId: string; snapshotId: string }, context: JobContext): Promise<void> {
    return this.freezer.run(payload.projectId, payload.snapshotId, context);
  }

  gaveUp(payload: { projectId: string; snapshotId: string }, attempt: JobAttempt): Promise<void> {
    return this.freezer.giveUp(payload.projectId, payload.snapshotId, attempt);
  }
}
