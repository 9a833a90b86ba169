// The rehearsal model: rules shared with the demo data.
export { departments, type Department, type Topic } from './rehearsal/knowledge/topic.js';
export { findTopic, topics } from './rehearsal/knowledge/topics.js';
export {
  compareAnswers,
  judgeDimensions,
  roundScores,
  scoreAnswer,
  TIE_MARGIN,
  totalScore,
  type JudgeDimension,
  type JudgeScores,
  type JudgeSubject,
} from './rehearsal/rules/judge-rule.js';
export { polishTurns, type PolishTurn } from './rehearsal/rules/polish-rule.js';
export {
  classifyAnswer,
  classifyMaterial,
  doctorMaterial,
  fence,
  FENCE_END,
  FENCE_START,
  GOODBYE,
  instructAnswer,
  instructMaterial,
  judgePairAnswer,
  judgePairMaterial,
  judgeScoreAnswer,
  judgeScoreMaterial,
  openFence,
  patientMaterial,
  polishAnswer,
  polishMaterial,
  rehearsalTasks,
  type ClassifyAnswer,
  type InstructAnswer,
  type JudgePairAnswer,
  type JudgePairMaterial,
  type JudgeScoreAnswer,
  type JudgeScoreMaterial,
  type PolishAnswer,
  type RehearsalTask,
} from './rehearsal/protocol.js';
export { startRehearsalServer, type RehearsalOptions, type RehearsalServer } from './rehearsal/server.js';
export { FAULT_HEADER, type FaultKind, type FaultRule } from './rehearsal/faults.js';
export { REHEARSAL_HEADER } from './rehearsal/http.js';
export { type ChargeSummary } from './rehearsal/charges.js';
