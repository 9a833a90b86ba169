import type { SameKeys } from '../i18n/messages';
import type { judgementsZh } from './zh';

export const judgementsEn: SameKeys<typeof judgementsZh> = {
  name: 'Reward label |||| Reward labels',
  lead: 'A judge model scores by rubric, doctors rank blind or check its order. Pairs follow, and are fixed when a snapshot is frozen.',
  empty: 'First draw candidates, then have them scored or ranked.',
  create: 'Have candidates scored',
  create_lead: 'The judge sees the doctor’s reference, and not which model wrote what. Estimate first, then start.',
  step_prompts: '1. Which questions',
  step_model: '2. Which judge',
  step_how: '3. How to score',
  scope: 'Which',
  scopes: {
    with_candidates: 'Questions with candidates',
    with_reference: 'Those with a reference as well',
    not_judged: 'Those not scored yet',
  },
  both_orders:
    'Each question is scored twice, the second time in the opposite order; the mean cancels out who came first.',
  skip_judged: 'Leave out questions scored under this rubric already',
  total: 'Total',
  reason: 'Reasons',
  blind: 'blind',
  shown: 'saw the model’s order',
  origins: { ai: 'Judge model', doctor: 'Doctor', lay: 'Lay person' },
  calibration: 'Calibration',
  calibration_lead:
    'How far the judge’s order is that of doctors who ranked blind. Orders checked after seeing the model’s are left out.',
  no_calibration: 'Nothing to compare yet',
  no_calibration_text: 'It needs candidates that both a judge has scored and a doctor has ranked blind.',
  tau: 'Kendall’s tau-b (mean)',
  tau_note: '%{n} blind orders of %{doctors} doctors on %{prompts} questions; 1 is full agreement, 0 none.',
  pair_agreement: 'Pairs in agreement',
  pair_note: '%{agreed} agree, %{disagreed} are turned, the judge ties %{tied}; what doctors tie is left out.',
  flips: 'Order flips',
  flips_note: 'Of %{n} pairs the judge turned %{flips} over when they were shown the other way round.',
  by_dimension: 'By dimension',
  dimension: 'Dimension',
  dimensions: {
    correctness: 'Correctness',
    richness: 'Richness',
    consistency: 'Consistency',
    friendliness: 'Friendliness',
  },
  fields: {
    origin: 'From',
    by: 'Who',
    aiOrderShown: 'How',
    items: 'Candidates',
    rehearsal: 'Rehearsal',
    createdAt: 'When',
  },
};
