import { CandidateEntity } from './candidates/candidate.entity.js';
import { JudgementItemEntity } from './judgements/judgement-item.entity.js';
import { JudgementEntity } from './judgements/judgement.entity.js';
import { PromptEntity } from './prompts/prompt.entity.js';
import { ReferenceEntity } from './references/reference.entity.js';

export const preferenceEntities = [
  PromptEntity,
  ReferenceEntity,
  CandidateEntity,
  JudgementEntity,
  JudgementItemEntity,
];
