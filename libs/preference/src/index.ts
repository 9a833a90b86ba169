export { PreferenceModule } from './preference.module.js';
export { preferenceEntities } from './preference.entities.js';
export { saidByDoctors } from './said-by-doctors.js';
export { type IsInSnapshot, TakeBackService } from './take-back.service.js';
export { makeTaskSetStep, TaskSetMaker } from './task-set-maker.js';
export { PreferenceJobService, type WrittenJob } from './preference-jobs.service.js';

export { hasPromptsSql } from './prompts/has-prompts-sql.js';
export { makePrompts } from './prompts/make-prompts.js';
export { PromptEntity } from './prompts/prompt.entity.js';
export { PromptService } from './prompts/prompt.service.js';
export { promptFilterSql } from './prompts/prompt-sql.js';
export { selectPrompts, type SelectedPrompt, type SelectPromptsOptions } from './prompts/select-prompts.js';

export { ReferenceEntity } from './references/reference.entity.js';
export { ReferenceService } from './references/reference.service.js';
export { ReferenceTaskService } from './references/reference-task.service.js';

export { CandidateEntity } from './candidates/candidate.entity.js';
export { CandidatePurpose } from './candidates/candidate.purpose.js';

export { JudgementEntity } from './judgements/judgement.entity.js';
export { JudgementItemEntity } from './judgements/judgement-item.entity.js';
export { JudgementService } from './judgements/judgement.service.js';
export { JudgePurpose } from './judgements/judge.purpose.js';
export { storeJudgement, type NewJudgement, type NewJudgementItem } from './judgements/store-judgement.js';
export { RankingTaskService } from './ranking/ranking-task.service.js';

export { aiTotals, derivePairs, type JudgementForPairs, type PairOptions } from './pairs/derive-pairs.js';
export {
  countPrompts,
  MIN_MARGIN,
  selectPairs,
  type SelectedPair,
  type SelectPairsOptions,
} from './pairs/select-pairs.js';
