import { Injectable } from '@nestjs/common';
import { recordChangedJob } from '@qingnang/corpus';
import { type JobContext, JobHandler } from '@qingnang/queue';
import { ReopenChangedRecords } from '@qingnang/review';

@JobHandler(recordChangedJob)
@Injectable()
export class RecordChangedHandler {
  constructor(private readonly reopen: ReopenChangedRecords) {}

  run(payload: { projectId: string; recordId: string }, context: JobContext): Promise<void> {
    return this.reopen.run(payload.projectId, payload.recordId, context);
  }
}
