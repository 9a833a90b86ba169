import type { EntityManager } from 'typeorm';
import { uuidv7 } from '@qingnang/kernel';
import { PromptTemplateEntity, PromptTemplateService } from '@qingnang/llm';
import { defaultDimensions } from './rubric.js';
import { RubricVersionEntity } from './rubric-version.entity.js';
import { scorePrompt } from './score-prompt.js';

export const REWARD_RUBRIC = 'reward';

/**
 * The newest rubric of the project. The first one, with its prompt template, is made when there is none; one from before
 * references were graded is followed by one that asks for it.
 */
export async function ensureRubric(tx: EntityManager, projectId: string): Promise<RubricVersionEntity> {
  // Two first jobs at once would both make the first rubric.
  await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`rubric:${projectId}`]);
  const where = { projectId, key: REWARD_RUBRIC };
  const [newest] = await tx.find(RubricVersionEntity, { where, order: { number: 'DESC' }, take: 1 });
  if (newest?.gradesReference) return newest;
  const id = uuidv7();
  await tx.insert(RubricVersionEntity, {
    id,
    ...where,
    number: (newest?.number ?? 0) + 1,
    dimensions: [...defaultDimensions],
    promptVersionId: await writePrompt(tx, projectId),
    gradesReference: true,
  });
  return tx.findOneByOrFail(RubricVersionEntity, { id });
}

/** The words that ask by this rubric: those of the template's first version, or its next one. */
async function writePrompt(tx: EntityManager, projectId: string): Promise<string> {
  const [service, actor] = [new PromptTemplateService(), { projectId, personId: null }];
  const known = await tx.findOneBy(PromptTemplateEntity, { projectId, key: scorePrompt.key });
  if (!known) return (await service.create(tx, actor, scorePrompt)).latest!.id;
  return (await service.addVersion(tx, actor, known.id, scorePrompt)).id;
}
