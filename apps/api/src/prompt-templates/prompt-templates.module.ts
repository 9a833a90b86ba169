import { Module } from '@nestjs/common';
import { LlmModule } from '@qingnang/llm';
import { PromptTemplatesController } from './prompt-templates.controller.js';
import { PromptTemplatesDesk } from './prompt-templates.desk.js';

@Module({ imports: [LlmModule], controllers: [PromptTemplatesController], providers: [PromptTemplatesDesk] })
export class PromptTemplatesModule {}
