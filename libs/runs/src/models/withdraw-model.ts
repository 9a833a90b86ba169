import type { EntityManager } from 'typeorm';
import { writeAudit } from '@qingnang/audit';
import type { Actor } from '@qingnang/contracts';
import { DomainError, notFound } from '@qingnang/kernel';
import { notify } from '@qingnang/queue';

/**
 * Takes a model and everything trained from it out of use: no run starts from it, its server is let go, its provider
 * retired. The files and the lineage stay, so that it can still be said what was what.
 * @returns how many models were withdrawn
 * @throws DomainError 404, `model.withdrawn` (409)
 */
export async function withdrawModel(tx: EntityManager, actor: Actor, id: string): Promise<number> {
  const line = await holdLine(tx, actor.projectId, id);
  const asked = line.find((each) => each.id === id);
  if (!asked) throw notFound('model', id);
  if (asked.state === 'withdrawn') {
    throw new DomainError({ code: 'model.withdrawn', status: 409, detail: 'This model has been withdrawn already.' });
  }
  const ids = line.filter(({ state }) => state === 'registered').map((each) => each.id);
  await tx.query(`update model set state = 'withdrawn' where id = any($1)`, [ids]);
  await tx.query(`update provider set state = 'retired' where model_id = any($1)`, [ids]);
  await tx.query(
    `update model_server set wanted_until = now() where model_id = any($1) and state in ('starting', 'ready')`,
    [ids],
  );
  for (const each of ids) {
    await writeAudit(tx, actor, {
      action: 'model.withdraw',
      subjectType: 'model',
      subjectId: each,
      after: each === id ? {} : { because: id },
    });
    await notify(tx, actor.projectId, 'models', each);
  }
  return ids.length;
}

/**
 * The model and everything trained from it, held. Looked for until nothing is added: whoever registers a model holds its
 * parents, so that while we waited for one of the line, a child of it may have come.
 */
async function holdLine(tx: EntityManager, projectId: string, id: string): Promise<{ id: string; state: string }[]> {
  for (let held = 0; ;) {
    const line = await tx.query<{ id: string; state: string }[]>(
      `with recursive line as (
         select id from model where project_id = $1 and id = $2
         union
         select c.id from line join run_input i on i.model_id = line.id join model c on c.run_id = i.run_id)
       select m.id, m.state from model m where m.id in (select id from line) order by m.id for update of m`,
      [projectId, id],
    );
    if (line.length === held) return line;
    held = line.length;
  }
}
