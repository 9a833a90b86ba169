import { Module } from '@nestjs/common';
import { AdjudicationService } from './adjudication/adjudication.service.js';
import { AnswerService } from './answer.service.js';
import { PolishReviewService } from './polish-review/polish-review.service.js';
import { ApprovalRuleService } from './rules/approval-rule.service.js';
import { ReopenChangedRecords } from './slots/reopen-changed.js';
import { TaskSetService } from './task-set.service.js';
import { WorkService } from './work.service.js';

const providers = [
  TaskSetService,
  AdjudicationService,
  WorkService,
  AnswerService,
  PolishReviewService,
  ReopenChangedRecords,
  ApprovalRuleService,
];

@Module({ providers, exports: providers })
export class ReviewModule {}
