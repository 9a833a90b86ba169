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
