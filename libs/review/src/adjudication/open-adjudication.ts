import type { EntityManager } from 'typeorm';
import type { AdjudicationDesk, Role } from '@qingnang/contracts';
import { uuidv7 } from '@qingnang/kernel';
import { notify } from '@qingnang/queue';

const ROLES: Record<AdjudicationDesk, readonly Role[]> = {
  lead: ['admin', 'data_lead', 'reviewer'],
  doctor: ['doctor'],
};

/**
 * Puts a task before those who decide: in the queue of its set's desk, which is made when it is first needed. A task that
 * was there before is there again. For one doctor by name it waits until they come, else whoever comes first takes it.
 */
export async function openAdjudication(
  tx: EntityManager,
  { projectId, taskId }: { projectId: string; taskId: string },
  desk: AdjudicationDesk,
  forPerson: string | null = null,
): Promise<void> {
  const setId = await deskOf(tx, projectId, taskId, desk);
  const [task]: { id: string }[] = await tx.query(
    `insert into task (id, project_id, task_set_id, subject_id, record_id, decides_task_id)
     select $3, project_id, $2, subject_id, record_id, id from task where id = $1
     on conflict (task_set_id, subject_id) do update set state = 'open', updated_at = now() returning id`,
    [taskId, setId, uuidv7()],
  );
  const [slot]: { id: string }[] = await tx.query(
    `insert into slot (id, project_id, task_set_id, task_id, subject_id, record_id, n)
     select $2, project_id, task_set_id, id, subject_id, record_id, 1 from task where id = $1
     on conflict (task_id, n) do update set state = 'open', holder_id = null, lease_until = null,
       round = slot.round + 1, fencing_token = slot.fencing_token + 1 returning id`,
    [task!.id, uuidv7()],
  );
  // Whoever decided on it before may do so again.
  await tx.query(
    `update assignment set outcome = 'released', to_at = coalesce(to_at, now())
     where slot_id = $1 and outcome in ('open', 'answered', 'skipped')`,
    [slot!.id],
  );
  if (forPerson !== null) await keepFor(tx, slot!.id, forPerson);
  await notify(tx, projectId, 'task-sets', setId);
  await notify(tx, projectId, 'adjudications', taskId);
}

async function deskOf(tx: EntityManager, projectId: string, taskId: string, desk: AdjudicationDesk): Promise<string> {
  await tx.query(
    `insert into task_set (id, project_id, name, kind, overlap, roles, decides_task_set_id, desk)
     select $2, ts.project_id, ts.name, 'adjudication', 1, $4, ts.id, $3
     from task t join task_set ts on ts.id = t.task_set_id where t.id = $1
     on conflict (decides_task_set_id, desk) where kind = 'adjudication' do nothing`,
    [taskId, uuidv7(), desk, ROLES[desk]],
  );
  const [set]: { id: string }[] = await tx.query(
    `select ts.id from task t join task_set ts on ts.decides_task_set_id = t.task_set_id
     where t.id = $1 and ts.project_id = $2 and ts.desk = $3`,
    [taskId, projectId, desk],
  );
  return set!.id;
}

/** As with what is returned to its author: the queue hands it to this person first, and to nobody else. */
async function keepFor(tx: EntityManager, slotId: string, personId: string): Promise<void> {
  await tx.query(
    `update slot set state = 'returned', holder_id = $2, fencing_token = fencing_token + 1 where id = $1`,
    [slotId, personId],
  );
  await tx.query(
    `insert into assignment (id, project_id, task_set_id, slot_id, subject_id, record_id, person_id)
     select $3, project_id, task_set_id, id, subject_id, record_id, $2 from slot where id = $1`,
    [slotId, personId, uuidv7()],
  );
}

/** Tasks that decide tasks of this record, or this task, leave their queues; who has one in hand is told so. */
export async function withdrawAdjudications(
  tx: EntityManager,
  projectId: string,
  of: { recordId: string } | { taskId: string },
): Promise<void> {
  const [where, id] = 'recordId' in of ? ['t.record_id', of.recordId] : ['t.decides_task_id', of.taskId];
  const tasks: { id: string }[] = await tx.query(
    `select t.id from task t where t.project_id = $1 and ${where} = $2 and t.decides_task_id is not null`,
    [projectId, id],
  );
  if (tasks.length === 0) return;
  const ids = tasks.map((task) => task.id);
  await tx.query(
    `update slot set state = 'accepted', holder_id = null, lease_until = null, fencing_token = fencing_token + 1
     where task_id = any ($1) and state in ('open', 'leased', 'returned')`,
    [ids],
  );
  await tx.query(
    `update assignment set outcome = 'released', to_at = now() where outcome = 'open'
     and slot_id in (select id from slot where task_id = any ($1))`,
    [ids],
  );
  await tx.query(`update task set state = 'decided', updated_at = now() where id = any ($1)`, [ids]);
}
