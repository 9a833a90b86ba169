import { Module } from '@nestjs/common';
import { PreferenceModule } from '@qingnang/preference';
import { ReviewModule } from '@qingnang/review';
import { TaskSetsController } from './task-sets.controller.js';

@Module({ imports: [ReviewModule, PreferenceModule], controllers: [TaskSetsController] })
export class TaskSetsModule {}
