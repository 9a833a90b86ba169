export { ensureRubric, REWARD_RUBRIC } from './ensure-rubric.js';
export { judgeEntities } from './judge.entities.js';
export {
  ensurePairwisePrompt,
  mergeOrders,
  pairForm,
  pairRequest,
  preferenceOf,
  readPairVerdict,
  type PairSubject,
  type PairVerdict,
  type Preference,
} from './pairwise.js';
export { placesOf, type Placed } from './ranks.js';
export { type GradedReference, gradedReference, gradeOf, referenceWeights } from './reference-grade.js';
export { AGREEMENT, defaultDimensions, rubricText, rubricTotal } from './rubric.js';
export { RubricVersionEntity } from './rubric-version.entity.js';
export { scorePrompt } from './score-prompt.js';
export {
  candidateLabel,
  readScores,
  scoreForm,
  scoreRequest,
  type CandidateScore,
  type ReadJudgement,
  type ScoreRubric,
  type ScoreSubject,
} from './score.js';
export {
  type JudgePairAnswer,
  judgePairAnswer,
  type JudgePairMaterial,
  judgePairMaterial,
  type JudgeScoreAnswer,
  judgeScoreAnswer,
  type JudgeScoreMaterial,
  judgeScoreMaterial,
} from './wire.js';
