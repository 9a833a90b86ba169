import { Module } from '@nestjs/common';
import { LlmModule } from '@qingnang/llm';
import { PreferenceModule } from '@qingnang/preference';
import { ReviewModule } from '@qingnang/review';
import { DoctorWorkController } from './doctor-work.controller.js';
import { PolishAgainDesk } from './polish-again.desk.js';
import { PolishWorkController } from './polish-work.controller.js';
import { WorkController } from './work.controller.js';

@Module({
  imports: [LlmModule, ReviewModule, PreferenceModule],
  controllers: [WorkController, PolishWorkController, DoctorWorkController],
  providers: [PolishAgainDesk],
})
export class WorkModule {}
