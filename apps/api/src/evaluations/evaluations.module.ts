import { Module } from '@nestjs/common';
import { EvaluationModule } from '@qingnang/evaluation';
import { EvaluationsController } from './evaluations.controller.js';

@Module({ imports: [EvaluationModule], controllers: [EvaluationsController] })
export class EvaluationsModule {}
