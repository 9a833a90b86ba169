import { Module, type OnModuleInit } from '@nestjs/common';
import { LlmModule, PurposeRegistry } from '@qingnang/llm';
import { EvaluatePurpose } from './evaluate.purpose.js';
import { EvaluationService } from './evaluation.service.js';

@Module({ imports: [LlmModule], providers: [EvaluationService], exports: [EvaluationService] })
export class EvaluationModule implements OnModuleInit {
  constructor(private readonly purposes: PurposeRegistry) {}

  onModuleInit(): void {
    this.purposes.register(new EvaluatePurpose());
  }
}
