import { Module } from '@nestjs/common';
import { PolishReviewService } from './polish-review/polish-review.service.js';
import { ReopenChangedRecords } from './slots/reopen-changed.js';
import { TaskSetService } from './task-set.service.js';
import { WorkService } from './work.service.js';

@Module({
  providers: [TaskSetService, WorkService, PolishReviewService, ReopenChangedRecords],
  exports: [TaskSetService, WorkService, PolishReviewService, ReopenChangedRecords],
})
export class ReviewModule {}
