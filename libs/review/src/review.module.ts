import { Module } from '@nestjs/common';
import { PolishReviewService } from './polish-review.js';
import { TaskSetService } from './task-set.service.js';
import { WorkService } from './work.service.js';

@Module({
  providers: [TaskSetService, WorkService, PolishReviewService],
  exports: [TaskSetService, WorkService, PolishReviewService],
})
export class ReviewModule {}
