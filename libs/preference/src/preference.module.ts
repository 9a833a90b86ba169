import { Module, type OnModuleInit } from '@nestjs/common';
import { LlmModule, PurposeRegistry } from '@qingnang/llm';
import { ReviewModule } from '@qingnang/review';
import { CandidatePurpose } from './candidates/candidate.purpose.js';
import { JudgePurpose } from './judgements/judge.purpose.js';
import { JudgementService } from './judgements/judgement.service.js';
import { PreferenceJobService } from './preference-jobs.service.js';
import { PromptService } from './prompts/prompt.service.js';
import { RankingTaskService } from './ranking/ranking-task.service.js';
import { ReferenceTaskService } from './references/reference-task.service.js';
import { ReferenceService } from './references/reference.service.js';
import { TakeBackService } from './take-back.service.js';
import { TaskSetMaker } from './task-set-maker.js';

const services = [
  PromptService,
  ReferenceService,
  ReferenceTaskService,
  RankingTaskService,
  JudgementService,
  PreferenceJobService,
  TakeBackService,
  TaskSetMaker,
];

@Module({ imports: [LlmModule, ReviewModule], providers: services, exports: services })
export class PreferenceModule implements OnModuleInit {
  constructor(private readonly purposes: PurposeRegistry) {}

  onModuleInit(): void {
    this.purposes.register(new CandidatePurpose());
    this.purposes.register(new JudgePurpose());
  }
}
