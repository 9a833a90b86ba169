import { Module } from '@nestjs/common';
import { DistillModule } from '@qingnang/distill';
import { LlmModule } from '@qingnang/llm';
import { PolishModule } from '@qingnang/polish';
import { LlmJobsController } from './llm-jobs.controller.js';
import { LlmJobsDesk } from './llm-jobs.desk.js';

@Module({
  imports: [LlmModule, PolishModule, DistillModule],
  controllers: [LlmJobsController],
  providers: [LlmJobsDesk],
})
export class LlmJobsModule {}
