import { snapshotEntities } from '@qingnang/snapshot';
import { auditEntities } from '@qingnang/audit';
import { corpusEntities } from '@qingnang/corpus';
import type { EntityClass } from '@qingnang/database';
import { identityEntities } from '@qingnang/identity';
import { judgeEntities } from '@qingnang/judge';
import { llmEntities } from '@qingnang/llm';
import { preferenceEntities } from '@qingnang/preference';
import { reviewEntities } from '@qingnang/review';
import { evaluationEntities } from '@qingnang/evaluation';
import { runsEntities } from '@qingnang/runs';
import { suitesEntities } from '@qingnang/suites';

/** Every table the programs read and write through TypeORM, one line a library. */
export const entities: readonly EntityClass[] = [
  ...auditEntities,
  ...identityEntities,
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
