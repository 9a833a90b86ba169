import { EvaluationEntity } from './evaluation.entity.js';
import { ModelAnswerEntity } from './model-answer.entity.js';
import { VerdictEntity } from './verdict.entity.js';

export { EvaluationEntity, ModelAnswerEntity, VerdictEntity };
export const evaluationEntities = [EvaluationEntity, ModelAnswerEntity, VerdictEntity];
export { countOutcomes, type JudgedQuestion } from './count-outcomes.js';
export { drawQuestions } from './draw-questions.js';
export { EvaluatePurpose } from './evaluate.purpose.js';
export { EvaluationModule } from './evaluation.module.js';
export { EvaluationService } from './evaluation.service.js';
