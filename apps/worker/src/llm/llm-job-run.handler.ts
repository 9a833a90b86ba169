import { Injectable } from '@nestjs/common';
import { LlmJobRunner, llmRunJob } from '@qingnang/llm';
import { type JobContext, JobHandler } from '@qingnang/queue';

@JobHandler(llmRunJob)
@Injectable()
export class LlmJobRunHandler {
  constructor(private readonly runner: LlmJobRunner) {}

  run(payload: { jobId: string; projectId: string; lane: number }, context: JobContext): Promise<void> {
    return this.runner.run(payload, context);
  }
}
