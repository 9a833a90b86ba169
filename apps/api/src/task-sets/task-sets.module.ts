import { Module } from '@nestjs/common';
import { ReviewModule } from '@qingnang/review';
import { TaskSetsController } from './task-sets.controller.js';

@Module({ imports: [ReviewModule], controllers: [TaskSetsController] })
export class TaskSetsModule {}
