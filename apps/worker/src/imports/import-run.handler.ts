import { Injectable } from '@nestjs/common';
import { ImportRunner, importRunJob } from '@qingnang/corpus';
import { type JobAttempt, type JobContext, JobHandler } from '@qingnang/queue';

@JobHandler(importRunJob)
@Injectable()
export class ImportRunHandler {
  constructor(private readonly imports: ImportRunner) {}

  run(payload: { projectId: string; importId: string }, context: JobContext): Promise<void> {
    return this.imports.run(payload.projectId, payload.importId, context);
  }

  gaveUp(payload: { projectId: string; importId: string }, attempt: JobAttempt): Promise<void> {
    return this.imports.giveUp(payload.projectId, payload.importId, attempt);
  }
}
