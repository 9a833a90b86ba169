import { Module } from '@nestjs/common';
import { EvaluationModule } from '@qingnang/evaluation';
import { LlmModule } from '@qingnang/llm';
import { PreferenceModule } from '@qingnang/preference';
import { ReviewModule } from '@qingnang/review';
import { AdjudicationWorkController } from './adjudication-work.controller.js';
import { BlindWorkController } from './blind-work.controller.js';
import { DoctorWorkController } from './doctor-work.controller.js';
import { MyAnswersDesk } from './my-answers.desk.js';
import { PolishAgainDesk } from './polish-again.desk.js';
import { PolishWorkController } from './polish-work.controller.js';
import { CorrectionDesk } from './correction.desk.js';
import { WorkController } from './work.controller.js';

@Module({
  imports: [LlmModule, ReviewModule, PreferenceModule, EvaluationModule],
  controllers: [
    WorkController,
    PolishWorkController,
    DoctorWorkController,
    BlindWorkController,
    AdjudicationWorkController,
  ],
  providers: [MyAnswersDesk, PolishAgainDesk, CorrectionDesk],
})
export class WorkModule {}
