// The console's parts. To add one:
//  1. a folder `src/<resource>/` named like the API's route, with `index.ts` exporting one `ConsoleResource`
//     (lazy pages: `list: lazy(() => import('./RecordList'))`, each page the default export of its file),
//     and its words in `zh.ts` and `en.ts` (`en` typed `SameKeys<typeof zh>`), `name` and `fields` among them;
//  2. one line in `resources` below, in the order of the menu;
//  3. one line in each of `i18n/words-zh.ts` and `words-en.ts`; words are then `translate('resources.<resource>.<key>')`.
// Shared: `listing/` (Listing, PageHeader, EmptyState, ErrorState), `components/` (Count, Money, When, StateChip,
// ProgressCard, CopyOnce), `dialogue/` (TurnList, Diff, RehearsalMark), `plot/` (RunPlot), `providers/` (`api`, `upload`,
// `useEvents`), `session/` (`projectPath('/…')`, `useProject`, `usePerson`, `useMayDo`). No fetch outside `providers/`;
// rows, forms and single records go through react-admin's hooks, all else through `api` and `useQuery`.
import type { I18nProvider } from 'ra-core';
import { account } from './account';
import { adjudications } from './adjudication';
import { apiKeys } from './api-keys';
import { auditEntries } from './audit';
import { approvalRules } from './approval-rules';
import { bulkJobs } from './bulk-jobs';
import { candidates } from './candidates';
import { doctorWork } from './doctor-work';
import { Root } from './entry/Root';
import { judgements } from './judgements';
import { imports } from './imports';
import { llmJobs } from './llm-jobs';
import { llmProviders } from './llm-providers';
import { invites, members, people } from './people';
import { polishReview } from './polish-review';
import { projects } from './projects';
import { prompts } from './prompts';
import { promptTemplates } from './prompt-templates';
import { records } from './records';
import { references } from './references';
import type { ConsoleResource } from './resource';
import { sources } from './sources';
import { taskSets } from './task-sets';
import { chat } from './chat';
import { evaluations } from './evaluations';
import { models } from './models';
import { runs } from './runs';
import { schedules } from './schedules';
import { suites } from './suites';
import { snapshots } from './snapshots';
import { webhook } from './webhook';
import { work } from './work';

const resources: ConsoleResource[] = [
  // Everyone's own.
  work,
  account,
  // Data.
  sources,
  imports,
  records,
  bulkJobs,
  // Polish and review.
  taskSets,
  adjudications,
  approvalRules,
  llmJobs,
  promptTemplates,
  llmProviders,
  polishReview,
  doctorWork,
  // Preference and reward.
  prompts,
  references,
  candidates,
  judgements,
  // Training and evaluation.
  snapshots,
  runs,
  schedules,
  models,
  suites,
  evaluations,
  chat,
  // People and security.
  members,
  invites,
  people,
  apiKeys,
  webhook,
  auditEntries,
  projects,
];

export function App({ i18nProvider }: { i18nProvider: I18nProvider }) {
  return <Root resources={resources} i18nProvider={i18nProvider} />;
}
