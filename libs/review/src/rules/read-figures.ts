import type { Queryable } from '@qingnang/database';
import type { ApprovalRuleEntity } from './approval-rule.entity.js';
import { figuresOf, type Reading } from './rule-figures.js';

/** The last word on a text that its reader sent on to a lead or a doctor. */
const ADJUDICATED = `(select j.version_id from adjudication j where j.task_id = t.id and j.undone_at is null
  and j.outcome in ('chosen', 'written', 'rejected') order by j.created_at desc limit 1)`;

const READINGS = `select r.data_set as "dataSet", o.name as source, v.prompt_version_id as "promptVersion",
    case when t.state = 'decided' and a.verdict = 'accept' then 'good'
      when t.state = 'decided' and a.verdict = 'ask_doctor' and ${ADJUDICATED} = s.shown_version_id then 'good'
      when t.state = 'decided' then 'fault'
      when r.state in ('held_back', 'withdrawn') or v.created_at > (select x.drawn_at from approval_rule x where x.id = $2) then 'gone'
      else 'unread' end as outcome,
    count(*)::int as n
  from slot s join task t on t.id = s.task_id join record r on r.id = s.record_id
    join source_set w on w.id = r.source_set_id join source o on o.id = w.source_id
    join version v on v.id = s.shown_version_id
    left join lateral (select x.verdict from answer x where x.task_id = t.id and x.slot_id = s.id and x.round = s.round
      and not 'undone' = any (x.flags) order by x.created_at desc limit 1) a on true
  where s.task_set_id = any($1::uuid[]) group by 1, 2, 3, 4`;

/** What people found in a rule's sample. */
export const readSample = (db: Queryable, rule: ApprovalRuleEntity): Promise<Reading[]> =>
  db.query(READINGS, [[rule.sampleTaskSetId], rule.id]);

/** What they found in texts that it let in. */
export async function readChecks(
  db: Queryable,
  rule: ApprovalRuleEntity,
): Promise<{ taskSetIds: string[]; readings: Reading[] }> {
  const rows = await db.query<{ id: string }[]>(
    'select task_set_id as id from approval_check where rule_id = $1 order by created_at, task_set_id',
    [rule.id],
  );
  const taskSetIds = rows.map(({ id }) => id);
  return { taskSetIds, readings: await db.query(READINGS, [taskSetIds, rule.id]) };
}

/** What all spot checks of a rule come to. */
export const checkFigures = async (db: Queryable, rule: ApprovalRuleEntity) =>
  figuresOf((await readChecks(db, rule)).readings);
