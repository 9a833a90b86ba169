import { Module } from '@nestjs/common';
import { PreferenceModule } from '@qingnang/preference';
import { PromptsController } from './prompts.controller.js';

@Module({ imports: [PreferenceModule], controllers: [PromptsController] })
export class PromptsModule {}
