// The rules by which the rehearsal model answers; the demo data are written by the same.
export { departments, type Department, type Topic } from './knowledge/topic.js';
export { topics } from './knowledge/topics.js';
export {
  classifyAnswer,
  classifyMaterial,
  doctorMaterial,
  instructAnswer,
  instructMaterial,
  patientMaterial,
} from './protocol.js';
export { chatReply } from './rules/chat-rule.js';
export { classify } from './rules/classify-rule.js';
export { doctorReply } from './rules/doctor-rule.js';
export { instructTriplets } from './rules/instruct-rule.js';
export { judgePair, judgeScores } from './rules/judge-answer.js';
export { compareAnswers, roundScores, scoreAnswer, TIE_MARGIN, totalScore } from './rules/judge-rule.js';
export { patientReply } from './rules/patient-rule.js';
export { polishTurns } from './rules/polish-rule.js';
