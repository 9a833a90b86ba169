import type { SameKeys } from '../i18n/messages';
import type { candidatesZh } from './zh';

export const candidatesEn: SameKeys<typeof candidatesZh> = {
  name: 'Candidate |||| Candidates',
  lead: 'One question, answered several times by one model. Judges and doctors say which is better.',
  empty: 'Let a model answer questions several times; its answers are listed here.',
  create: 'Draw candidates',
  create_lead: 'Each answer is drawn anew, none is taken from before. Estimate first, then start.',
  step_prompts: '1. Which questions',
  step_model: '2. Which model',
  step_how: '3. How to draw',
  scope: 'Which',
  scopes: {
    all: 'All questions',
    with_reference: 'Those with a reference',
    without_candidates: 'Those without candidates',
  },
  settings: { k: 'Answers a question', temperature: 'Temperature', maxOutputTokens: 'Longest answer (tokens)' },
  estimate: 'Estimate',
  start: 'Start',
  sample: 'sample %{n}',
  est: {
    subjects: 'Questions chosen',
    alreadyDone: 'Done already',
    lacking: 'With fewer than two candidates',
    calls: 'Model calls',
    inputTokens: 'Input tokens',
    outputTokens: 'Output tokens',
    cost: 'Expected cost',
  },
  hints: {
    egressRefused:
      '%{n} questions are neither masked nor from a source declared de-identified. They are not sent outside and end as skipped.',
    tooLong: '%{n} calls are longer than the model can read and will fail.',
    nothing: 'This choice leaves nothing to do. Widen it, or allow doing it again.',
  },
  place: 'place %{rank} of %{of}',
  not_judged: 'not judged yet',
  fields: {
    question: 'Question',
    judged: 'Score',
    text: 'Answer',
    model: 'Model',
    sampleIndex: 'Sample',
    createdAt: 'When',
  },
};
