import type { SameKeys } from '../i18n/messages';
import type { promptTemplatesZh } from './zh';

export const promptTemplatesEn: SameKeys<typeof promptTemplatesZh> = {
  name: 'Prompt template |||| Prompt templates',
  lead: 'How models are asked. The house style is one of them, shared by all jobs. A change is a new version; old ones stay.',
  create: 'New template',
  versions: 'Versions',
  version: 'Version %{n}',
  new_version: 'Write a new version',
  new_version_from: 'Starting from version %{n}',
  save_version: 'Save as a new version',
  saved: 'Saved as version %{n}',
  system_text: 'System prompt',
  user_text: 'User prompt',
  places:
    'Places: {{material}} is the whole dialogue, fenced; {{doctor_turn}} one turn of the doctor; {{house_style}} the house style; {{department}} the department.',
  answers: { json: 'JSON (whole dialogue)', text: 'Plain text (turn by turn)' },
  purposes: {
    house_style: 'House style',
    polish: 'Polish',
    distil: 'Distil',
    classify: 'Classify',
    candidate: 'Candidates',
    judge: 'Reward labels',
    evaluate: 'Evaluation',
  },
  fields: {
    key: 'Key',
    name: 'Name',
    purpose: 'Purpose',
    versionCount: 'Versions',
    createdAt: 'Created',
    answer: 'Form of the answer',
    temperature: 'Temperature',
    maxOutputTokens: 'Longest answer in tokens',
    systemText: 'System prompt',
    userText: 'User prompt',
  },
};
