import { Injectable } from '@nestjs/common';
import { RunDriver, runLaunchJob } from '@qingnang/runs';
import { type JobContext, JobHandler } from '@qingnang/queue';

@JobHandler(runLaunchJob)
@Injectable()
export class RunLaunchHandler {
  constructor(private readonly driver: RunDriver) {}

  run(payload: { projectId: string; runId: string }, context: JobContext): Promise<void> {
    return this.driver.work(payload, context.signal);
  }
}
