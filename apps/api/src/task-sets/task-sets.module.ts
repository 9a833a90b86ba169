import { Module } from '@nestjs/common';
import { EvaluationModule } from '@qingnang/evaluation';
import { PreferenceModule } from '@qingnang/preference';
import { ReviewModule } from '@qingnang/review';
import { TaskSetsController } from './task-sets.controller.js';
import { TaskSetsDesk } from './task-sets.desk.js';

@Module({
  imports: [ReviewModule, PreferenceModule, EvaluationModule],
  controllers: [TaskSetsController],
  providers: [TaskSetsDesk],
})
export class TaskSetsModule {}
