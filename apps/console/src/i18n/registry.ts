// All words of the console. A folder `src/<resource>/` keeps its own in `zh.ts` and `en.ts` and adds one line to
// `folders` below; its words are then found under `resources.<resource>.…` (react-admin looks there for `name` and
// `fields.<source>`). Words of no resource go to `shell-zh.ts` and `shell-en.ts`.
import type { TranslationMessages } from 'ra-core';
import englishMessages from 'ra-language-english';
import { accountEn } from '../account/en';
import { accountZh } from '../account/zh';
import { apiKeysEn } from '../api-keys/en';
import { apiKeysZh } from '../api-keys/zh';
import { auditEn } from '../audit/en';
import { auditZh } from '../audit/zh';
import { llmJobsEn } from '../llm-jobs/en';
import { llmJobsZh } from '../llm-jobs/zh';
import { providersEn } from '../llm-providers/en';
import { providersZh } from '../llm-providers/zh';
import { invitesEn, membersEn, peopleEn } from '../people/en';
import { invitesZh, membersZh, peopleZh } from '../people/zh';
import { candidatesEn } from '../candidates/en';
import { candidatesZh } from '../candidates/zh';
import { doctorWorkEn } from '../doctor-work/en';
import { doctorWorkZh } from '../doctor-work/zh';
import { judgementsEn } from '../judgements/en';
import { judgementsZh } from '../judgements/zh';
import { promptsEn } from '../prompts/en';
import { promptsZh } from '../prompts/zh';
import { referencesEn } from '../references/en';
import { referencesZh } from '../references/zh';
import { polishReviewEn } from '../polish-review/en';
import { polishReviewZh } from '../polish-review/zh';
import { projectsEn } from '../projects/en';
import { projectsZh } from '../projects/zh';
import { promptTemplatesEn } from '../prompt-templates/en';
import { promptTemplatesZh } from '../prompt-templates/zh';
import { runsEn } from '../runs/en';
import { runsZh } from '../runs/zh';
import { schedulesEn } from '../schedules/en';
import { schedulesZh } from '../schedules/zh';
import { modelsEn } from '../models/en';
import { modelsZh } from '../models/zh';
import { suitesEn } from '../suites/en';
import { suitesZh } from '../suites/zh';
import { evaluationsEn } from '../evaluations/en';
import { evaluationsZh } from '../evaluations/zh';
import { chatEn } from '../chat/en';
import { chatZh } from '../chat/zh';
import { snapshotsEn } from '../snapshots/en';
import { snapshotsZh } from '../snapshots/zh';
import { importsEn } from '../imports/en';
import { importsZh } from '../imports/zh';
import { recordsEn } from '../records/en';
import { recordsZh } from '../records/zh';
import { sourcesEn } from '../sources/en';
import { sourcesZh } from '../sources/zh';
import { taskSetsEn } from '../task-sets/en';
import { taskSetsZh } from '../task-sets/zh';
import { workEn } from '../work/en';
import { workZh } from '../work/zh';
import type { Messages } from './messages';
import { raZh } from './ra-zh';
import { shellEn } from './shell-en';
import { shellZh } from './shell-zh';

const folders: Record<string, { zh: Messages; en: Messages }> = {
  account: { zh: accountZh, en: accountEn },
  'llm-jobs': { zh: llmJobsZh, en: llmJobsEn },
  providers: { zh: providersZh, en: providersEn },
  'prompt-templates': { zh: promptTemplatesZh, en: promptTemplatesEn },
  members: { zh: membersZh, en: membersEn },
  invites: { zh: invitesZh, en: invitesEn },
  people: { zh: peopleZh, en: peopleEn },
  snapshots: { zh: snapshotsZh, en: snapshotsEn },
  runs: { zh: runsZh, en: runsEn },
  schedules: { zh: schedulesZh, en: schedulesEn },
  models: { zh: modelsZh, en: modelsEn },
  suites: { zh: suitesZh, en: suitesEn },
  evaluations: { zh: evaluationsZh, en: evaluationsEn },
  chat: { zh: chatZh, en: chatEn },
  work: { zh: workZh, en: workEn },
  'api-keys': { zh: apiKeysZh, en: apiKeysEn },
  'audit-entries': { zh: auditZh, en: auditEn },
  sources: { zh: sourcesZh, en: sourcesEn },
  imports: { zh: importsZh, en: importsEn },
  records: { zh: recordsZh, en: recordsEn },
  'task-sets': { zh: taskSetsZh, en: taskSetsEn },
  prompts: { zh: promptsZh, en: promptsEn },
  references: { zh: referencesZh, en: referencesEn },
  candidates: { zh: candidatesZh, en: candidatesEn },
  judgements: { zh: judgementsZh, en: judgementsEn },
  'doctor-work': { zh: doctorWorkZh, en: doctorWorkEn },
  'polish-review': { zh: polishReviewZh, en: polishReviewEn },
  projects: { zh: projectsZh, en: projectsEn },
};

function gather(language: 'zh' | 'en'): Messages {
  return Object.fromEntries(Object.entries(folders).map(([name, words]) => [name, words[language]]));
}

export const zh: TranslationMessages = { ...raZh, ...shellZh, resources: gather('zh') };
export const en: TranslationMessages = { ...englishMessages, ...shellEn, resources: gather('en') };
