export { kendallTauB, mean, pairAgreement, type PairAgreement } from './agreement.js';
export { bootstrapMean, wilsonInterval } from './win-rates.js';
