import type { SameKeys } from '../i18n/messages';
import type { workZh } from './zh';

export const workEn: SameKeys<typeof workZh> = {
  name: 'To do',
  queues: 'To do',
  mine: 'What I did',
  answers: 'finished tasks',
  empty: 'Nothing is waiting for you now',
  empty_text: 'New tasks appear here.',
  mine_empty: 'Each task you finish is listed here.',
  waiting: 'Waiting',
  done: 'Done',
  about: 'About %{time} for all of it',
  until: 'Until %{date}',
  start: 'Start',
  go_on: 'Go on',
  undo: 'Take back',
  undone: 'Taken back',
  kinds: {
    polish_review: 'Review a polish',
    reference: 'Write a reference',
    ranking: 'Compare candidates',
    confirm_ranking: 'Check the model’s order',
    blind_pair: 'Compare two answers, blind',
  },
  verdicts: { accept: 'Accepted', edit: 'Edited', reject: 'Rejected', ask_doctor: 'For a doctor', done: 'Done' },
  pair_verdicts: { a_better: 'A is better', b_better: 'B is better', tie: 'About equal', both_bad: 'Both are bad' },
  task_states: {
    open: 'Waits for others',
    answered: 'Answered',
    agreed: 'Agreed',
    to_adjudicate: 'Waits for a decision',
    decided: 'Decided',
  },
  fields: {
    createdAt: 'When',
    question: 'The patient’s question',
    kind: 'Task',
    verdict: 'Verdict',
    taskState: 'Outcome',
    seconds: 'Time taken',
  },
};
