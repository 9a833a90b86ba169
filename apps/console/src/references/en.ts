import type { SameKeys } from '../i18n/messages';
import type { referencesZh } from './zh';

export const referencesEn: SameKeys<typeof referencesZh> = {
  name: 'Reference |||| References',
  lead: 'What doctors wrote before seeing any model’s reply. Judges go by it and models learn from it.',
  empty: 'Ask doctors for references; what they write is listed here.',
  ask_doctors: 'Set up tasks for doctors',
  original_doctor: 'The record’s own doctor',
  revision: 'revision %{n}',
  after_exposure: 'written after seeing a model’s reply',
  judged_as: 'the judge finds it %{grade}',
  grades: {
    complete: 'right and complete',
    incomplete: 'right, with gaps',
    terse: 'right, too terse',
    wrong: 'wrong',
    unsafe: 'unsafe',
  },
  kinds: { answer: 'Can answer', ask_first: 'Ask first', cannot_answer: 'Can’t answer' },
  fields: {
    question: 'Question',
    text: 'Answer',
    kind: 'Kind',
    grade: 'Judge on the reference',
    doctor: 'Doctor',
    revision: 'Revision',
    createdAt: 'When',
  },
};
