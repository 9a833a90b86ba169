import type { EntityManager } from 'typeorm';
import type { Actor, NewEntrant, NewJudge } from '@qingnang/contracts';
import { DomainError } from '@qingnang/kernel';
import { modelOf, ProviderEntity } from '@qingnang/llm';

/** @throws DomainError `evaluation.unsuitable` (422) */
export async function checkSuite(tx: EntityManager, actor: Actor, id: string): Promise<{ questions: number }> {
  const [suite] = await tx.query<{ state: string; questions: number }[]>(
    `select state, (select count(*)::int from suite_item q where q.suite_id = s.id) as questions from suite s
     where project_id = $1 and id = $2`,
    [actor.projectId, id],
  );
  if (!suite) throw unsuitable('suiteId', 'There is no such suite in this project: choose one of the list.');
  if (suite.state !== 'frozen') {
    throw unsuitable('suiteId', 'This suite is still a draft: freeze it first, so that the questions stay the same.');
  }
  return suite;
}

/** The name an entrant goes by. @throws DomainError `evaluation.unsuitable` (422), naming it */
export async function checkEntrant(
  tx: EntityManager,
  actor: Actor,
  entrant: NewEntrant,
  field: string,
  questions: number,
): Promise<string> {
  if (entrant.kind === 'model') return checkModel(tx, actor, `${field}.modelId`, entrant.modelId);
  if (entrant.kind === 'provider') {
    await checkProvider(tx, actor, field, entrant);
    return entrant.model;
  }
  if (entrant.authorId) await checkAuthor(tx, actor, `${field}.authorId`, entrant.authorId);
  const seen = new Set<number>();
  for (const [i, { n }] of entrant.answers.entries()) {
    const at = `${field}.answers.${i}.n`;
    if (n > questions) throw unsuitable(at, `The suite has ${questions} questions: there is no number ${n}.`);
    if (seen.has(n)) throw unsuitable(at, `Question ${n} has two answers in this file: leave one of them out.`);
    seen.add(n);
  }
  return entrant.name;
}

/** @throws DomainError `evaluation.unsuitable` (422) */
export async function checkProvider(
  tx: EntityManager,
  actor: Actor,
  field: string,
  { providerId: id, model }: Extract<NewJudge, { kind: 'model' }> | Extract<NewEntrant, { kind: 'provider' }>,
): Promise<void> {
  const provider = await tx.findOneBy(ProviderEntity, { projectId: actor.projectId, id });
  if (!provider) {
    throw unsuitable(`${field}.providerId`, 'There is no such provider in this project: choose one of the list.');
  }
  modelOf(provider, model);
}

async function checkModel(tx: EntityManager, actor: Actor, field: string, id: string): Promise<string> {
  const [model] = await tx.query<{ name: string; state: string; speaks: boolean }[]>(
    `select name, state, exists (select from provider p where p.model_id = m.id) as speaks from model m
     where project_id = $1 and id = $2`,
    [actor.projectId, id],
  );
  if (!model) throw unsuitable(field, 'There is no such model in this project: choose one of the list.');
  if (!model.speaks) throw unsuitable(field, 'A reward model does not speak: choose an SFT or PPO model.');
  if (model.state === 'withdrawn') throw unsuitable(field, 'This model has been withdrawn: choose another.');
  return model.name;
}

async function checkAuthor(tx: EntityManager, actor: Actor, field: string, id: string): Promise<void> {
  const [member]: unknown[] = await tx.query('select from membership where project_id = $1 and person_id = $2', [
    actor.projectId,
    id,
  ]);
  if (!member)
    throw unsuitable(field, 'The author is not a member of this project: choose one of the list, or nobody.');
}

function unsuitable(field: string, detail: string): DomainError {
  return new DomainError({ code: 'evaluation.unsuitable', status: 422, field, detail });
}
