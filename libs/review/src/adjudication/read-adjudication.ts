import {
  type Actor,
  type AdjudicationQuery,
  type AdjudicationRow,
  type AdjudicationView,
  type ListReply,
  may,
  type Turn,
} from '@qingnang/contracts';
import { listPage, type Queryable } from '@qingnang/database';
import { notFound } from '@qingnang/kernel';
import { ANSWER_FACTS } from '../facts/answer-facts.js';

const at = (column: string): string => `to_char(${column} at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
const personSql = (p: string): string => `json_build_object('id', ${p}.id, 'name', ${p}.display_name)`;

/** The newest answer of each slot of task `t`. */
const NEWEST = `(select distinct on (x.slot_id) x.* from answer x where x.task_id = t.id and not 'undone' = any (x.flags)
  order by x.slot_id, x.round desc)`;

/** Of task `t`: where it lies now, else where it lay last. One row each. */
const FROM = `task t join task_set ts on ts.id = t.task_set_id join record r on r.id = t.record_id
  join version o on o.id = r.import_version_id
  join lateral (select s.*, q.desk, q.id as desk_set_id from task k join slot s on s.task_id = k.id
      join task_set q on q.id = k.task_set_id
    where k.decides_task_id = t.id order by s.state in ('open', 'leased', 'returned') desc, k.updated_at desc limit 1) d
    on true
  left join person h on h.id = d.holder_id
    and (d.state = 'returned' or d.state = 'leased' and d.lease_until > now())`;

const STATE = `case t.state when 'to_adjudicate' then 'waiting' when 'decided' then 'decided' else 'returned' end`;

const ROW = `t.id, t.record_id as "recordId", t.task_set_id as "taskSetId", ts.name as "taskSetName",
  ${STATE} as state, d.desk, d.desk_set_id as "deskTaskSetId", case when h.id is not null then ${personSql('h')} end as holder,
  coalesce((select left(x ->> 'text', 120) from jsonb_array_elements(o.turns) x where x ->> 'role' = 'patient' limit 1),
    '') as question,
  case when exists (select from ${NEWEST} a where a.verdict = 'ask_doctor') then 'question' else 'disagreement' end as why,
  (select coalesce(json_agg(json_build_object('person', ${personSql('p')}, 'verdict', a.verdict,
      'reasonCode', a.reason_code, 'comment', a.comment) order by a.created_at), '[]')
    from ${NEWEST} a join person p on p.id = a.person_id) as answers,
  t.updated_at as "updatedAt"`;

/** A doctor sees what was handed to the doctors, to them or to any. */
function scopeOf(actor: Actor, params: unknown[]): string[] {
  const where = ['t.project_id = $1'];
  if (may(actor, 'adjudications', 'update')) return where;
  const me = `$${params.push(actor.personId)}`;
  where.push(`d.desk = 'doctor' and (d.holder_id is null or d.holder_id = ${me} or d.lease_until < now()
    or exists (select from adjudication j where j.task_id = t.id and j.decided_by = ${me}))`);
  return where;
}

export function listAdjudications(
  db: Queryable,
  actor: Actor,
  query: AdjudicationQuery,
): Promise<ListReply<AdjudicationRow>> {
  const params: unknown[] = [actor.projectId];
  const where = scopeOf(actor, params);
  const { state, desk, taskSetId } = query;
  // By the state as it is stored, for whose waiting rows there is an index.
  if (state === 'waiting') where.push(`t.state = 'to_adjudicate'`);
  if (state === 'decided') where.push(`t.state = 'decided'`);
  if (state === 'returned') where.push(`t.state not in ('to_adjudicate', 'decided')`);
  if (desk) where.push(`d.desk = $${params.push(desk)}`);
  if (taskSetId) where.push(`t.task_set_id = $${params.push(taskSetId)}`);
  return listPage<AdjudicationRow, AdjudicationRow>(db, {
    select: ROW,
    from: FROM,
    where,
    params,
    sortable: { updatedAt: { sql: 't.updated_at', type: 'timestamptz' } },
    id: { sql: 't.id', type: 'uuid' },
    query,
    map: (row) => row,
  });
}

interface Row extends AdjudicationRow {
  record: AdjudicationView['record'];
  original: Turn[] | null;
  shown: Turn[] | null;
  shownVersionId: string;
  weighed: AdjudicationView['answers'];
  notes: AdjudicationView['notes'];
}

const WEIGHED = `(select coalesce(json_agg(json_build_object('id', a.id, 'person', ${personSql('p')}, 'kind', ts.kind,
    'round', a.round, 'verdict', a.verdict, 'reasonCode', a.reason_code, 'comment', a.comment,
    'versionId', a.version_id, 'facts', ${ANSWER_FACTS}, 'notCompared', 'not_compared' = any (a.flags),
    'createdAt', ${at('a.created_at')}, 'undone', false,
    'turns', (select json_agg(json_build_object('n', (x ->> 'n')::int, 'text', x ->> 'text'))
      from jsonb_array_elements(w.turns) x where x ->> 'role' = 'doctor')) order by a.created_at), '[]')
  from ${NEWEST} a join person p on p.id = a.person_id left join version w on w.id = a.version_id)`;

/** What was said with each decision; one row a decision, however many it was sent to. */
const NOTES = `(select coalesce(json_agg(json_build_object('id', j.id, 'by', ${personSql('p')}, 'outcome', j.outcome,
    'body', (select m.body from thread m where m.adjudication_id = j.id and m.body is not null limit 1),
    'createdAt', ${at('j.created_at')}) order by j.created_at), '[]')
  from adjudication j join person p on p.id = j.decided_by where j.task_id = t.id and j.undone_at is null)`;

/** Everything about one of them, side by side. */
export async function readAdjudication(db: Queryable, actor: Actor, taskId: string): Promise<AdjudicationView> {
  const params: unknown[] = [actor.projectId];
  const where = scopeOf(actor, params);
  const [row] = await db.query<Row[]>(
    `select ${ROW}, json_build_object('id', r.id, 'department', r.department, 'language', r.language,
       'synthetic', r.synthetic) as record, o.turns as original, v.turns as shown, v.id as "shownVersionId",
       ${WEIGHED} as weighed, ${NOTES} as notes
     from ${FROM}
       join lateral (select s.shown_version_id as id from slot s where s.task_id = t.id order by s.n limit 1) f on true
       join version v on v.id = f.id
     where ${where.map((each) => `(${each})`).join(' and ')} and t.id = $${params.push(taskId)}`,
    params,
  );
  if (!row?.shown) throw notFound('adjudication', taskId);
  const { original, shown, weighed, ...rest } = row;
  return {
    ...rest,
    answers: weighed,
    turns: shown.map((turn) => ({
      ...{ n: turn.n, role: turn.role, suggestion: turn },
      original: original?.find(({ n }) => n === turn.n)?.text ?? null,
    })),
  };
}

/** The task that a slot of a desk decides. */
export async function taskDecidedIn(db: Queryable, actor: Actor, slotId: string): Promise<string> {
  const [found] = await db.query<{ taskId: string | null }[]>(
    `select k.decides_task_id as "taskId" from slot s join task k on k.id = s.task_id
     where s.project_id = $1 and s.id = $2`,
    [actor.projectId, slotId],
  );
  if (!found?.taskId) throw notFound('adjudication', slotId);
  return found.taskId;
}
