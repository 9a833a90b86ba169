export { kendallTauB, mean, pairAgreement, type PairAgreement } from './agreement.js';
export { atLeast, atMost, exactInterval, sizeFor } from './exact-limits.js';
export { bootstrapMean, wilsonInterval } from './win-rates.js';
