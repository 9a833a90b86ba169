import { CreateIdentity20261123100000 } from './20261123100000-create-identity.js';
import { CreateLlm20261123100100 } from './20261123100100-create-llm.js';
import { CreateCorpus20261123100200 } from './20261123100200-create-corpus.js';
import { CreateReview20261123100300 } from './20261123100300-create-review.js';
import { CreatePreference20261123100400 } from './20261123100400-create-preference.js';
import { CreateSnapshot20261123100500 } from './20261123100500-create-snapshot.js';
import { CreateRuns20261123100600 } from './20261123100600-create-runs.js';
import { IndexRecords20261123100700 } from './20261123100700-index-records.js';
import { AllowDpo20261123100800 } from './20261123100800-allow-dpo.js';
import { AddOutsideRuns20261123100900 } from './20261123100900-add-outside-runs.js';
import { CompleteSchedules20261123101000 } from './20261123101000-complete-schedules.js';
import { IndexRunLookups20261123110000 } from './20261123110000-index-run-lookups.js';
import { KeepRequestKeys20261123110100 } from './20261123110100-keep-request-keys.js';
import { CountArrivingFiles20261123110200 } from './20261123110200-count-arriving-files.js';
import { KeepRunTokensApart20261129100000 } from './20261129100000-keep-run-tokens-apart.js';
import { BoundProviderAddresses20261129100100 } from './20261129100100-bound-provider-addresses.js';
import { AddAccessLeases20261129100200 } from './20261129100200-add-access-leases.js';
import { DelaySignIns20261129101000 } from './20261129101000-delay-sign-ins.js';
import { LeaseRequestKeys20261129101100 } from './20261129101100-lease-request-keys.js';
import { KeepHolds20261129101200 } from './20261129101200-keep-holds.js';
import { NoteTrainedElsewhere20261129102000 } from './20261129102000-note-trained-elsewhere.js';
import { NameVersionsSaid20261129104000 } from './20261129104000-name-versions-said.js';
import { RecordDescent20261129104100 } from './20261129104100-record-descent.js';
import { ChooseReplacing20261129104200 } from './20261129104200-choose-replacing.js';
import { UndoImports20261129104300 } from './20261129104300-undo-imports.js';
import { DropUnusedTables20261129104400 } from './20261129104400-drop-unused-tables.js';
import { KeepImportNotes20261129105000 } from './20261129105000-keep-import-notes.js';
import { TypeAnswers20261129106000 } from './20261129106000-type-answers.js';
import { AskByRole20261129106100 } from './20261129106100-ask-by-role.js';
import { GiveTasksSubjects20261129107000 } from './20261129107000-give-tasks-subjects.js';
import { CompleteReviewKeys20261129107100 } from './20261129107100-complete-review-keys.js';
import { OpenEvaluations20261129107200 } from './20261129107200-open-evaluations.js';
import { IndexAuditFilters20261129108000 } from './20261129108000-index-audit-filters.js';
import { SlimRecords20261129110000 } from './20261129110000-slim-records.js';
import { KeepTallies20261129111000 } from './20261129111000-keep-tallies.js';
import { HandOutByFunction20261129111100 } from './20261129111100-hand-out-by-function.js';
import { KeepAnswerFacts20261129113000 } from './20261129113000-keep-answer-facts.js';
import { AddAdjudication20261129113100 } from './20261129113100-add-adjudication.js';
import { GradeReferences20261129114000 } from './20261129114000-grade-references.js';
import { AddWebhooks20261129114100 } from './20261129114100-add-webhooks.js';
import { TakeBackLabels20261129116000 } from './20261129116000-take-back-labels.js';
import { DeclareAnswers20261129117000 } from './20261129117000-declare-answers.js';
import { CheckItemsTogether20261129121000 } from './20261129121000-check-items-together.js';
import { AskOnceForAnswers20261129121100 } from './20261129121100-ask-once-for-answers.js';
import { CountWhatStands20261129121200 } from './20261129121200-count-what-stands.js';
import { AddBulkJobs20261129122000 } from './20261129122000-add-bulk-jobs.js';
import { AddApprovalRules20261129122100 } from './20261129122100-add-approval-rules.js';
import { FenceDrafts20261129123000 } from './20261129123000-fence-drafts.js';

/** Every migration, oldest first. A landed migration is never edited; a new one is added below. */
export const migrations = [
  CreateIdentity20261123100000,
  CreateLlm20261123100100,
  CreateCorpus20261123100200,
  CreateReview20261123100300,
  CreatePreference20261123100400,
  CreateSnapshot20261123100500,
  CreateRuns20261123100600,
  IndexRecords20261123100700,
  AllowDpo20261123100800,
  AddOutsideRuns20261123100900,
  CompleteSchedules20261123101000,
  IndexRunLookups20261123110000,
  KeepRequestKeys20261123110100,
  CountArrivingFiles20261123110200,
  KeepRunTokensApart20261129100000,
  BoundProviderAddresses20261129100100,
  AddAccessLeases20261129100200,
  DelaySignIns20261129101000,
  LeaseRequestKeys20261129101100,
  KeepHolds20261129101200,
  NoteTrainedElsewhere20261129102000,
  NameVersionsSaid20261129104000,
  RecordDescent20261129104100,
  ChooseReplacing20261129104200,
  UndoImports20261129104300,
  DropUnusedTables20261129104400,
  KeepImportNotes20261129105000,
  TypeAnswers20261129106000,
  AskByRole20261129106100,
  GiveTasksSubjects20261129107000,
  CompleteReviewKeys20261129107100,
  OpenEvaluations20261129107200,
  IndexAuditFilters20261129108000,
  SlimRecords20261129110000,
  KeepTallies20261129111000,
  HandOutByFunction20261129111100,
  KeepAnswerFacts20261129113000,
  AddAdjudication20261129113100,
  GradeReferences20261129114000,
  AddWebhooks20261129114100,
  TakeBackLabels20261129116000,
  DeclareAnswers20261129117000,
  CheckItemsTogether20261129121000,
  AskOnceForAnswers20261129121100,
  CountWhatStands20261129121200,
  AddBulkJobs20261129122000,
  AddApprovalRules20261129122100,
  FenceDrafts20261129123000,
];
