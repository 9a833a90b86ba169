import type { EntityManager } from 'typeorm';
import type { CreateTaskSet, TaskKind } from '@qingnang/contracts';
import { recordFilterSql } from '@qingnang/corpus';
import type { Queryable } from '@qingnang/database';
import { uuidv7 } from '@qingnang/kernel';
import { notify } from '@qingnang/queue';
import { TaskSetEntity } from './task-set.entity.js';

/**
 * Subjects of tasks as SQL: columns `subject_id`, `record_id` (null where a subject has none); `$1` is the project, `$2`
 * the task set. All but records have their row in `subject` already.
 */
export interface TaskSubjects {
  sql: string;
  params: unknown[];
  /** It names the version to show as well, as `shown_id`; else a polish of the record is drawn. */
  shows?: true;
}

/** Records of the filter that have a polish nobody decided on yet. */
export function polishedRecords(
  projectId: string,
  taskSetId: string,
  { filter }: Pick<CreateTaskSet, 'filter'>,
): TaskSubjects {
  const params: unknown[] = [projectId, taskSetId];
  const where = recordFilterSql(filter, params);
  return {
    params,
    sql: `select r.id as subject_id, r.id as record_id from record r
      where r.project_id = $1 and ${where} and r.state in ('imported', 'in_work', 'approved')
        and exists (select from version v where v.record_id = r.id and v.kind = 'polish'
          and not exists (select from answer a where a.shown_version_id = v.id))`,
  };
}

export type NewTaskSet = Omit<CreateTaskSet, 'kind' | 'limit'> & {
  kind: TaskKind;
  /** What asks: an evaluation, a rule whose sample or spot check it is. */
  settings?: { evaluationId: string } | { ruleId: string };
};

/** A set without tasks, in the caller's transaction. Who may, and that it will hold something, is the caller's to see to. */
export async function insertTaskSet(
  tx: EntityManager,
  who: { projectId: string; personId: string | null },
  columns: NewTaskSet,
): Promise<string> {
  const id = uuidv7();
  await tx.insert(TaskSetEntity, { ...columns, id, projectId: who.projectId, createdBy: who.personId });
  await notify(tx, who.projectId, 'task-sets', id);
  return id;
}

/** The same with all of its tasks. */
export async function makeTaskSet(
  tx: EntityManager,
  who: { projectId: string; personId: string | null },
  { limit, ...columns }: NewTaskSet & { limit?: number | undefined },
  subjects: (id: string) => TaskSubjects,
): Promise<{ id: string; made: number }> {
  const id = await insertTaskSet(tx, who, columns);
  const set = { overlap: columns.overlap };
  const { made } = await makeTasks(tx, set, subjects(id), { after: null, limit: limit ?? null });
  return { id, made };
}

/** How many subjects there are, counted no further than `most`. */
export async function countSubjects(db: Queryable, subjects: TaskSubjects, most: number | null): Promise<number> {
  const params = [...subjects.params];
  // $2 stands for the set in what follows, not in every kind's count.
  const [row] = await db.query<{ n: number }[]>(
    `select count(*)::int as n from (
       select from (${subjects.sql}) s where $2::uuid is not null limit $${params.push(most)}) counted`,
    params,
  );
  return row!.n;
}

/** A part of the subjects, in the order of their ids. */
export interface Page {
  /** The last one of the part before. */
  after: string | null;
  limit: number | null;
}

/** What a part came to; `last` is null where there was nothing left. */
export interface MadeTasks {
  seen: number;
  made: number;
  last: string | null;
}

const DRAWN_POLISH = `case when m.subject_id = m.record_id then (
  select polish.id from (
    select distinct on (v.prompt_version_id) v.id from version v
    where v.record_id = m.record_id and v.kind = 'polish' order by v.prompt_version_id, v.created_at desc, v.id desc
  ) polish order by md5(m.id::text || n || polish.id) limit 1) end`;

/**
 * Writes tasks and their slots out, once: what they are about is never read again. Each slot of a polish review shows one
 * of the newest polishes of the record, one a prompt version, drawn by a hash of task and slot, so that nobody can tell or
 * steer which.
 */
export async function makeTasks(
  tx: EntityManager,
  set: { overlap: number },
  subjects: TaskSubjects,
  page: Page,
): Promise<MadeTasks> {
  const params = [...subjects.params];
  const [after, limit, overlap] = [page.after, page.limit, set.overlap].map((value) => `$${params.push(value)}`);
  const [row] = await tx.query<MadeTasks[]>(
    `with chosen as materialized (
       select * from (${subjects.sql}) s where ${after}::uuid is null or s.subject_id > ${after}
       order by s.subject_id limit ${limit}),
     records as (
       insert into subject (id, project_id, kind, record_id)
       select subject_id, $1, 'record', record_id from chosen where subject_id = record_id order by subject_id
       on conflict (id) do nothing),
     made as (
       insert into task (id, project_id, task_set_id, subject_id, record_id)
       select gen_random_uuid(), $1, $2, subject_id, record_id from chosen
       on conflict (task_set_id, subject_id) do nothing returning *),
     slots as (
       insert into slot (id, project_id, task_set_id, task_id, subject_id, record_id, n, shown_version_id)
       select gen_random_uuid(), m.project_id, m.task_set_id, m.id, m.subject_id, m.record_id, n,
         ${subjects.shows ? 'c.shown_id' : DRAWN_POLISH}
       from made m join chosen c on c.subject_id = m.subject_id, generate_series(1, ${overlap}::int) n),
     moved as (
       update record set state = 'in_work', updated_at = now()
       where state = 'imported' and id in (select record_id from made))
     select (select count(*)::int from chosen) as seen, (select count(*)::int from made) as made,
       (select subject_id from chosen order by subject_id desc limit 1) as last`,
    params,
  );
  return row!;
}
