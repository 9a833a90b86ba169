import type { SameKeys } from '../i18n/messages';
import type { answersZh } from './zh';

export const answersEn: SameKeys<typeof answersZh> = {
  name: 'Answer |||| Answers',
  title: 'What people wrote',
  empty: 'Nobody has answered yet.',
  by: '%{who} · round %{round}',
  undone: 'taken back',
  comment: 'Comment',
  question: 'Question to a doctor',
  confirmed: 'Confirmed by its author',
  also: 'Differs as well, and nobody is asked about it',
  not_compared: 'Too long to be compared in time: its author was not asked',
  open_record: 'Open the record',
  filter: 'Only',
  with: { words: 'with a reason, a comment or a question', facts: 'with a confirmed change of facts' },
  verdict: 'Verdict',
};
