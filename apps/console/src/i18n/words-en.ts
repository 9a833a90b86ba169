// All words of the console in English, as `words-zh.ts` in Chinese: a browser reads one of the two.
import type { TranslationMessages } from 'ra-core';
import englishMessages from 'ra-language-english';
import { accountEn } from '../account/en';
import { adjudicationsEn } from '../adjudication/en';
import { answersEn } from '../answers/en';
import { apiKeysEn } from '../api-keys/en';
import { approvalRulesEn } from '../approval-rules/en';
import { bulkJobsEn } from '../bulk-jobs/en';
import { auditEn } from '../audit/en';
import { llmJobsEn } from '../llm-jobs/en';
import { providersEn } from '../llm-providers/en';
import { invitesEn, membersEn, peopleEn } from '../people/en';
import { candidatesEn } from '../candidates/en';
import { doctorWorkEn } from '../doctor-work/en';
import { judgementsEn } from '../judgements/en';
import { promptsEn } from '../prompts/en';
import { referencesEn } from '../references/en';
import { polishReviewEn } from '../polish-review/en';
import { projectsEn } from '../projects/en';
import { promptTemplatesEn } from '../prompt-templates/en';
import { runsEn } from '../runs/en';
import { schedulesEn } from '../schedules/en';
import { webhookEn } from '../webhook/en';
import { modelsEn } from '../models/en';
import { suitesEn } from '../suites/en';
import { evaluationsEn } from '../evaluations/en';
import { chatEn } from '../chat/en';
import { snapshotsEn } from '../snapshots/en';
import { importsEn } from '../imports/en';
import { recordsEn } from '../records/en';
import { sourcesEn } from '../sources/en';
import { taskSetsEn } from '../task-sets/en';
import { workEn } from '../work/en';
import type { Messages } from './messages';
import { sittingEn } from '../sitting/en';
import { shellEn } from './shell-en';

const resources: Record<string, Messages> = {
  account: accountEn,
  'llm-jobs': llmJobsEn,
  providers: providersEn,
  'prompt-templates': promptTemplatesEn,
  members: membersEn,
  invites: invitesEn,
  people: peopleEn,
  snapshots: snapshotsEn,
  runs: runsEn,
  schedules: schedulesEn,
  webhook: webhookEn,
  models: modelsEn,
  suites: suitesEn,
  evaluations: evaluationsEn,
  chat: chatEn,
  work: workEn,
  answers: answersEn,
  adjudications: adjudicationsEn,
  'api-keys': apiKeysEn,
  'audit-entries': auditEn,
  sources: sourcesEn,
  'bulk-jobs': bulkJobsEn,
  'approval-rules': approvalRulesEn,
  imports: importsEn,
  records: recordsEn,
  'task-sets': taskSetsEn,
  prompts: promptsEn,
  references: referencesEn,
  candidates: candidatesEn,
  judgements: judgementsEn,
  'doctor-work': doctorWorkEn,
  sitting: sittingEn,
  'polish-review': polishReviewEn,
  projects: projectsEn,
};

export const en: TranslationMessages = { ...englishMessages, ...shellEn, resources };
