import type { EntityManager } from 'typeorm';
import { uuidv7 } from '@qingnang/kernel';
import { latestPromptVersion, PromptTemplateService } from '@qingnang/llm';
import { defaultDimensions } from './rubric.js';
import { RubricVersionEntity } from './rubric-version.entity.js';
import { scorePrompt } from './score-prompt.js';

export const REWARD_RUBRIC = 'reward';

/** The newest rubric of the project; the first one, with its prompt template, is made when there is none. */
export async function ensureRubric(tx: EntityManager, projectId: string): Promise<RubricVersionEntity> {
  // Two first jobs at once would both make the first rubric.
  await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`rubric:${projectId}`]);
  const where = { projectId, key: REWARD_RUBRIC };
  const [newest] = await tx.find(RubricVersionEntity, { where, order: { number: 'DESC' }, take: 1 });
  if (newest) return newest;
  const promptVersionId = await ensureTemplate(tx, projectId);
  const id = uuidv7();
  await tx.insert(RubricVersionEntity, {
    id,
    ...where,
    number: 1,
    dimensions: [...defaultDimensions],
    promptVersionId,
  });
  return tx.findOneByOrFail(RubricVersionEntity, { id });
}

async function ensureTemplate(tx: EntityManager, projectId: string): Promise<string> {
  const known = await latestPromptVersion(tx, projectId, scorePrompt.key);
  if (known) return known.id;
  const template = await new PromptTemplateService().create(tx, { projectId, personId: null }, scorePrompt);
  return template.latest!.id;
}
