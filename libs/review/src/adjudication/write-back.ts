import type { EntityManager } from 'typeorm';
import type { Actor, PolishTask, SubmitAdjudication, WorkReplies, WorkReply } from '@qingnang/contracts';
import type { Queryable } from '@qingnang/database';
import { uuidv7 } from '@qingnang/kernel';
import type { Case, NewestAnswer } from './case.js';

/**
 * Says to those who answered what became of it: whoever asked is always told, the others where something was written. What
 * is written with handing on is for those who decide next.
 */
export async function writeBack(
  tx: EntityManager,
  actor: Actor,
  it: Case,
  adjudicationId: string,
  input: SubmitAdjudication,
): Promise<void> {
  const body = input.comment === '' ? null : input.comment;
  const write = (answer: NewestAnswer | null) =>
    tx.query(
      `insert into thread (id, project_id, task_id, adjudication_id, author_id, answer_id, to_person_id, body)
       values ($1, $2, $3, $4, $5, $6, $7, $8)`,
      [
        uuidv7(),
        it.projectId,
        it.taskId,
        adjudicationId,
        actor.personId,
        answer?.id ?? null,
        answer?.person_id ?? null,
        body,
      ],
    );
  if (input.verdict === 'hand_on') {
    if (body !== null) await write(null);
    return;
  }
  const returned = (id: string) =>
    input.verdict === 'return' && (input.answerIds.length === 0 || input.answerIds.includes(id));
  const told = it.answers.filter(({ id, verdict }) => body !== null || verdict === 'ask_doctor' || returned(id));
  for (const answer of told) await write(answer);
}

/** On a screen. */
const MOST_REPLIES = 50;

const TO_ME = `thread m join adjudication j on j.id = m.adjudication_id
  where m.project_id = $1 and m.to_person_id = $2 and j.undone_at is null`;

/** What was written back to a person, the newest first. */
export async function repliesTo(db: Queryable, actor: Actor): Promise<WorkReplies> {
  const params = [actor.projectId, actor.personId];
  const items = await db.query<WorkReply[]>(
    `select m.id, m.answer_id as "answerId", ts.name as "taskSetName", a.comment as asked, j.outcome, m.body,
       json_build_object('id', p.id, 'name', p.display_name) as by, m.created_at as "createdAt",
       m.seen_at is not null as seen,
       coalesce((select left(x ->> 'text', 120) from jsonb_array_elements(v.turns) x where x ->> 'role' = 'patient'
         limit 1), '') as question
     from (select m.*, j.outcome from ${TO_ME} order by m.created_at desc limit ${MOST_REPLIES}) m
       join adjudication j on j.id = m.adjudication_id join answer a on a.id = m.answer_id
       join task t on t.id = m.task_id join task_set ts on ts.id = t.task_set_id join person p on p.id = m.author_id
       left join record r on r.id = t.record_id left join version v on v.id = r.import_version_id
     order by m.created_at desc`,
    params,
  );
  const [unseen] = await db.query<{ n: number }[]>(
    `select count(*)::int as n from ${TO_ME} and m.seen_at is null`,
    params,
  );
  return { items, unseen: unseen!.n };
}

export async function noteRepliesSeen(db: Queryable, actor: Actor): Promise<void> {
  await db.query('update thread set seen_at = now() where project_id = $1 and to_person_id = $2 and seen_at is null', [
    actor.projectId,
    actor.personId,
  ]);
}

/** Why a task lies before somebody again; null where nobody returned it. */
export async function returnedWith(
  db: Queryable,
  taskId: string,
  personId: string | null,
): Promise<PolishTask['returned']> {
  const [last] = await db.query<{ by: string; body: string | null; at: string; outcome: string }[]>(
    `select p.display_name as by, m.body, m.created_at as at, j.outcome
     from thread m join adjudication j on j.id = m.adjudication_id join person p on p.id = m.author_id
     where m.task_id = $1 and m.to_person_id = $2 and j.undone_at is null order by m.created_at desc limit 1`,
    [taskId, personId],
  );
  if (last?.outcome !== 'returned') return null;
  return { by: last.by, body: last.body, at: last.at };
}
