import { EntrantEntity } from './entrant.entity.js';
import { EvaluationJudgeEntity } from './evaluation-judge.entity.js';
import { EvaluationEntity } from './evaluation.entity.js';
import { ModelAnswerEntity } from './model-answer.entity.js';
import { VerdictEntity } from './verdict.entity.js';

export { EvaluationEntity, ModelAnswerEntity, VerdictEntity };
export const evaluationEntities = [
  EvaluationEntity,
  EntrantEntity,
  EvaluationJudgeEntity,
  ModelAnswerEntity,
  VerdictEntity,
];
export { BlindPairTaskService } from './blind/blind-pair-task.service.js';
export { saidOfPairs } from './blind/said-of-pairs.js';
export { drawQuestions } from './draw-questions.js';
export { EvaluationModule } from './evaluation.module.js';
export { EvaluationService } from './evaluation.service.js';
export { evaluationProgress } from './results/evaluation.views.js';
export { countOutcomes, type JudgedQuestion } from './results/count-outcomes.js';
export { EvaluatePurpose } from './stages/evaluate.purpose.js';
