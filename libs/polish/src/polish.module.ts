import { Module, type OnModuleInit } from '@nestjs/common';
import { LlmModule, PurposeRegistry } from '@qingnang/llm';
import { PolishPurpose } from './polish.purpose.js';

@Module({ imports: [LlmModule] })
export class PolishModule implements OnModuleInit {
  constructor(private readonly purposes: PurposeRegistry) {}

  onModuleInit(): void {
    this.purposes.register(new PolishPurpose());
  }
}
