export { kendallTauB, mean, pairAgreement, type PairAgreement } from './agreement.js';
