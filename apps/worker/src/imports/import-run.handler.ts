import { Injectable } from '@nestjs/common';
import { ImportRunner, importRunJob } from '@qingnang/corpus';
import { type JobContext, JobHandler } from '@qingnang/queue';

@JobHandler(importRunJob)
@Injectable()
export class ImportRunHandler {
  constructor(private readonly imports: ImportRunner) {}

  run(payload: { projectId: string; importId: string }, context: JobContext): Promise<void> {
    return this.imports.run(payload.projectId, payload.importId, context.signal);
  }

  gaveUp({ projectId, importId }: { projectId: string; importId: string }): Promise<void> {
    return this.imports.giveUp(projectId, importId);
  }
}
