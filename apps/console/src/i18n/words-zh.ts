// All words of the console in Chinese; `words-en.ts` is its twin. A folder `src/<resource>/` keeps its own in `zh.ts` and
// `en.ts` and adds one line to `resources` here and there; its words are then found under `resources.<resource>.…`
// (react-admin looks there for `name` and `fields.<source>`). Words of no resource go to `shell-zh.ts` and `shell-en.ts`.
import type { TranslationMessages } from 'ra-core';
import { accountZh } from '../account/zh';
import { adjudicationsZh } from '../adjudication/zh';
import { answersZh } from '../answers/zh';
import { apiKeysZh } from '../api-keys/zh';
import { approvalRulesZh } from '../approval-rules/zh';
import { bulkJobsZh } from '../bulk-jobs/zh';
import { auditZh } from '../audit/zh';
import { llmJobsZh } from '../llm-jobs/zh';
import { providersZh } from '../llm-providers/zh';
import { invitesZh, membersZh, peopleZh } from '../people/zh';
import { candidatesZh } from '../candidates/zh';
import { doctorWorkZh } from '../doctor-work/zh';
import { judgementsZh } from '../judgements/zh';
import { promptsZh } from '../prompts/zh';
import { referencesZh } from '../references/zh';
import { polishReviewZh } from '../polish-review/zh';
import { projectsZh } from '../projects/zh';
import { promptTemplatesZh } from '../prompt-templates/zh';
import { runsZh } from '../runs/zh';
import { schedulesZh } from '../schedules/zh';
import { webhookZh } from '../webhook/zh';
import { modelsZh } from '../models/zh';
import { suitesZh } from '../suites/zh';
import { evaluationsZh } from '../evaluations/zh';
import { chatZh } from '../chat/zh';
import { snapshotsZh } from '../snapshots/zh';
import { importsZh } from '../imports/zh';
import { recordsZh } from '../records/zh';
import { sourcesZh } from '../sources/zh';
import { taskSetsZh } from '../task-sets/zh';
import { workZh } from '../work/zh';
import type { Messages } from './messages';
import { raZh } from './ra-zh';
import { sittingZh } from '../sitting/zh';
import { shellZh } from './shell-zh';

const resources: Record<string, Messages> = {
  account: accountZh,
  'llm-jobs': llmJobsZh,
  providers: providersZh,
  'prompt-templates': promptTemplatesZh,
  members: membersZh,
  invites: invitesZh,
  people: peopleZh,
  snapshots: snapshotsZh,
  runs: runsZh,
  schedules: schedulesZh,
  webhook: webhookZh,
  models: modelsZh,
  suites: suitesZh,
  evaluations: evaluationsZh,
  chat: chatZh,
  work: workZh,
  answers: answersZh,
  adjudications: adjudicationsZh,
  'api-keys': apiKeysZh,
  'audit-entries': auditZh,
  sources: sourcesZh,
  'bulk-jobs': bulkJobsZh,
  'approval-rules': approvalRulesZh,
  imports: importsZh,
  records: recordsZh,
  'task-sets': taskSetsZh,
  prompts: promptsZh,
  references: referencesZh,
  candidates: candidatesZh,
  judgements: judgementsZh,
  'doctor-work': doctorWorkZh,
  sitting: sittingZh,
  'polish-review': polishReviewZh,
  projects: projectsZh,
};

export const zh: TranslationMessages = { ...raZh, ...shellZh, resources };
