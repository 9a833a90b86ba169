import { snapshotEntities } from '@qingnang/snapshot';
import { reviewEntities } from '@qingnang/review';
import { corpusEntities } from '@qingnang/corpus';
import { judgeEntities } from '@qingnang/judge';
import { llmEntities } from '@qingnang/llm';
import { preferenceEntities } from '@qingnang/preference';
import { evaluationEntities } from '@qingnang/evaluation';
import { runsEntities } from '@qingnang/runs';
import { suitesEntities } from '@qingnang/suites';
import type { EntityClass } from '@qingnang/database';

/** Entities that handlers read through repositories; one line a library. */
export const entities: readonly EntityClass[] = [
  ...llmEntities,
  ...corpusEntities,
  ...reviewEntities,
  ...snapshotEntities,
  ...judgeEntities,
  ...preferenceEntities,
  ...runsEntities,
  ...suitesEntities,
  ...evaluationEntities,
];
