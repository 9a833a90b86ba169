import { Module, type OnModuleInit } from '@nestjs/common';
import { LlmModule, PurposeRegistry } from '@qingnang/llm';
import { ReviewModule } from '@qingnang/review';
import { BlindPairTaskService } from './blind/blind-pair-task.service.js';
import { EvaluationService } from './evaluation.service.js';
import { EvaluatePurpose } from './stages/evaluate.purpose.js';

const services = [EvaluationService, BlindPairTaskService];

@Module({ imports: [LlmModule, ReviewModule], providers: services, exports: services })
export class EvaluationModule implements OnModuleInit {
  constructor(private readonly purposes: PurposeRegistry) {}

  onModuleInit(): void {
    this.purposes.register(new EvaluatePurpose());
  }
}
