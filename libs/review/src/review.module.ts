import { Module } from '@nestjs/common';
import { AdjudicationService } from './adjudication/adjudication.service.js';
import { AnswerService } from './answer.service.js';
import { PolishReviewService } from './polish-review/polish-review.service.js';
import { ReopenChangedRecords } from './slots/reopen-changed.js';
import { TaskSetService } from './task-set.service.js';
import { WorkService } from './work.service.js';

@Module({
  providers: [
    TaskSetService,
    AdjudicationService,
    WorkService,
    AnswerService,
    PolishReviewService,
    ReopenChangedRecords,
  ],
  exports: [TaskSetService, AdjudicationService, WorkService, AnswerService, PolishReviewService, ReopenChangedRecords],
})
export class ReviewModule {}
