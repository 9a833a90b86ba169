import { Module } from '@nestjs/common';
import { ReviewModule } from '@qingnang/review';
import { AnswersController } from './answers.controller.js';

@Module({ imports: [ReviewModule], controllers: [AnswersController] })
export class AnswersModule {}
