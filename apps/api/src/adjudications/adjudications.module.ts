import { Module } from '@nestjs/common';
import { ReviewModule } from '@qingnang/review';
import { AdjudicationsController } from './adjudications.controller.js';

@Module({ imports: [ReviewModule], controllers: [AdjudicationsController] })
export class AdjudicationsModule {}
