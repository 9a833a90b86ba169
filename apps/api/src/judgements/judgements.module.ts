import { Module } from '@nestjs/common';
import { PreferenceModule } from '@qingnang/preference';
import { JudgementsController } from './judgements.controller.js';

@Module({ imports: [PreferenceModule], controllers: [JudgementsController] })
export class JudgementsModule {}
