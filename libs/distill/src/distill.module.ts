import { Module, type OnModuleInit } from '@nestjs/common';
import { LlmModule, PurposeRegistry } from '@qingnang/llm';
import { DistilPurpose } from './distil.purpose.js';

@Module({ imports: [LlmModule] })
export class DistillModule implements OnModuleInit {
  constructor(private readonly purposes: PurposeRegistry) {}

  onModuleInit(): void {
    this.purposes.register(new DistilPurpose());
  }
}
