import { inState, keptCount } from '@qingnang/database';
import { evaluationProgress } from '@qingnang/evaluation';

/** What an import is called: its files. */
const IMPORT_NAME = `(select string_agg(u.file_name, ' + ' order by f.n)
  from import_file f join upload u on u.id = f.upload_id where f.import_id = i.id)`;

/** Long work under way, newest first; what it is about stands in `runningWork` of the contracts. `$1` is the project. */
export const RUNNING = `
  select 'import' as kind, i.id, ${IMPORT_NAME} as name, i.state, i.read_count as done, null::int as total,
    '/imports/' || i.id || '/show' as href, i.created_at as at
  from import i where i.project_id = $1 and i.state in ('queued', 'running')
  union all
  select 'llm_job', j.id, j.name, j.state,
    ${keptCount('llm_item', { scope: 'j.id', where: inState('stored', 'failed', 'skipped') })}, j.total, '/llm-jobs/' || j.id || '/show', j.created_at
  from llm_job j where j.project_id = $1 and j.state = 'running' and j.parent_type is distinct from 'evaluation'
  union all
  select 'snapshot', s.id, s.name || ' v' || s.version, s.state, s.done, nullif(s.total, 0),
    '/snapshots/' || s.id || '/show', s.created_at
  from snapshot s where s.project_id = $1 and s.state = 'freezing'
  union all
  select 'run', r.id, r.name, r.state, coalesce((select max(m.step) from run_metric m where m.run_id = r.id), 0),
    case when r.config ->> 'epochs' is null then (r.config ->> 'steps')::int end, '/runs/' || r.id || '/show', r.created_at
  from run r where r.project_id = $1 and r.state in ('queued', 'starting', 'running')
  union all
  select 'evaluation', e.id, e.name, e.state, ${evaluationProgress.done}, ${evaluationProgress.total},
    '/evaluations/' || e.id || '/show', e.created_at
  from evaluation e where e.project_id = $1 and e.state in ('queued', 'answering', 'judging')
  order by at desc limit 50`;

/** What failed in the last two weeks, newest first. A failure is kept as `code` or `code: sentence`. */
export const FAILURES = `
  select kind, id, name, nullif(split_part(failure, ':', 1), '') as code, at, href from (
    select 'import' as kind, i.id, ${IMPORT_NAME} as name, i.failure, coalesce(i.ended_at, i.created_at) as at,
      '/imports/' || i.id || '/show' as href
    from import i where i.project_id = $1 and i.state = 'failed'
    union all
    select 'llm_job', j.id, j.name, j.failure, coalesce(j.ended_at, j.created_at), '/llm-jobs/' || j.id || '/show'
    from llm_job j where j.project_id = $1 and (j.state = 'failed' or (j.state = 'paused' and j.failure is not null))
    union all
    select 'snapshot', s.id, s.name || ' v' || s.version, s.failure, s.created_at, '/snapshots/' || s.id || '/show'
    from snapshot s where s.project_id = $1 and s.state = 'failed'
    union all
    select 'run', r.id, r.name, r.failure, coalesce(r.ended_at, r.created_at), '/runs/' || r.id || '/show'
    from run r where r.project_id = $1 and r.state = 'failed'
    union all
    select 'schedule', s.id, s.name, t.code, t.created_at, '/schedules/' || s.id || '/show'
    from schedule s join lateral (select t.code, t.created_at, t.outcome from schedule_tick t
      where t.schedule_id = s.id and t.outcome <> 'skipped' order by t.due_at desc limit 1) t on t.outcome = 'refused'
    where s.project_id = $1
    union all
    select 'evaluation', e.id, e.name, e.failure, coalesce(e.ended_at, e.created_at), '/evaluations/' || e.id || '/show'
    from evaluation e where e.project_id = $1 and (e.state = 'failed' or (e.state in ('answering', 'judging')
      and exists (select from llm_job j where j.parent_type = 'evaluation' and j.parent_id = e.id and j.state = 'failed')))
  ) failed where at > now() - interval '14 days' order by at desc limit 20`;

/** Settled and reserved this month, and the limit: the month's own, else the project's. In the budget's currency. */
export const SPEND = `
  select
    coalesce((select sum(k.n) from tally_hour k where k.project_id = $1 and k.topic = 'spend' and k.hour >= m.start
      and not (k.key ->> 'reserved')::boolean), 0)::float8 / 1000000 as spent,
    coalesce((select sum(k.n) from tally_total k where k.project_id = $1 and k.topic = 'spend'
      and (k.key ->> 'reserved')::boolean), 0)::float8 / 1000000 as reserved,
    b.limit_amount::float8 as limit,
    coalesce(b.currency, (select p.currency from provider p where p.project_id = $1 order by p.created_at limit 1), 'CNY')
      as currency
  from (select date_trunc('month', now() at time zone 'UTC') at time zone 'UTC' as start) m
  left join lateral (
    select limit_amount, currency from budget where project_id = $1
      and (scope = 'project' or (scope = 'month' and month = (m.start at time zone 'UTC')::date))
    order by scope = 'month' desc limit 1) b on true`;

const WORK_HREF = `'/work/' || s.kind || '/' || s.id`;

/**
 * Tasks that wait for this person, and the first queue that holds some: `$2` is the person, `$3` the roles. Only slots
 * that these roles may take, in the order in which people see their queues.
 */
export const WORK_NEEDS = `
  select kind, sum(slots)::int as count, (array_agg(href order by deadline nulls last, created_at))[1] as href from (
    select case s.kind when 'polish_review' then 'review_slots' when 'reference' then 'reference_slots'
        when 'adjudication' then 'adjudication_slots' else 'ranking_slots' end as kind, ${keptCount('slot', { scope: 's.id', where: inState('open') })} as slots,
      ${WORK_HREF} as href, s.deadline, s.created_at
    from task_set s where s.project_id = $1 and s.state = 'open' and s.roles && $3::text[]
    union all
    select 'returned_slots', count(*)::int, ${WORK_HREF}, s.deadline, s.created_at
    from slot x join task_set s on s.id = x.task_set_id
    where x.project_id = $1 and x.holder_id = $2 and x.state = 'returned' and s.state = 'open' and s.roles && $3::text[]
    group by s.id) waiting where slots > 0 group by kind`;

/** What waits for those who lead the project. */
export const LEAD_NEEDS = `
  select
    ${keptCount('task', { where: inState('to_adjudicate') })} as to_adjudicate,
    (select count(*)::int from llm_job x where x.project_id = $1 and x.state in ('draft', 'estimated')) as draft_jobs,
    (select count(*)::int from upload u where u.project_id = $1
      and not exists (select from import_file f where f.upload_id = u.id)) as imports_to_confirm,
    ${keptCount('llm_item', { where: inState('in_doubt') })} as in_doubt_items`;

/** Schedules of this person (`$2`) that failed since they last looked at them. */
export const FAILED_SCHEDULES = `
  select count(distinct n.subject_id)::int as count, (array_agg('/schedules/' || n.subject_id || '/show'
      order by n.created_at desc))[1] as href
  from notification n where n.project_id = $1 and n.person_id = $2 and n.kind = 'schedule_failed' and n.seen_at is null`;
