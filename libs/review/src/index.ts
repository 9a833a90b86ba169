export { AdjudicationService } from './adjudication/adjudication.service.js';
export { AnswerService } from './answer.service.js';
export {
  answeredBefore,
  finishSlot,
  allAnswered,
  noteFate,
  setTaskState,
  type NewAnswer,
} from './slots/finish-slot.js';
export { saveDraft } from './drafts.js';
export { inTaskSetSql } from './in-task-set-sql.js';
export { heldOfKind, keepAsDraft, lostSlot, settleTask } from './slots/held-task.js';
export { makeTaskSet, polishedRecords, type TaskSubjects } from './make-tasks.js';
export { ApprovalRuleService } from './rules/approval-rule.service.js';
export { approveStep } from './rules/approve-step.js';
export { stopFaultyRules } from './rules/stop-rules.js';
export { taskSetStep } from './task-set-step.js';
export { reopenAnswer, UNDO_MINUTES, undoneBefore, undoTooLate } from './slots/reopen-answer.js';
export { answerUsed, takeBack, type OwnAnswer, type WhyUsed } from './slots/take-back.js';
export { peopleOfTaskSet } from './people-of-set.js';
export { PolishReviewService } from './polish-review/polish-review.service.js';
export { baseChanged, leaseLost } from './review.errors.js';
export { releaseTasks } from './slots/release-tasks.js';
export { ReopenChangedRecords } from './slots/reopen-changed.js';
export { ReviewModule } from './review.module.js';
export { lockHeldSlot, readHeldSlot, refusePutAside, whatHappened, type LockedSlot } from './slots/slots.js';
export { TaskSetEntity } from './task-set.entity.js';
export { TaskSetService } from './task-set.service.js';
export { type AnswerLine, type Submitted, WorkService } from './work.service.js';
export { reviewEntities } from './review.entities.js';
