import type { DataSource, EntityManager } from 'typeorm';
import { notify } from '@qingnang/queue';
import { spendDoubts } from '../call/budgets.js';
import { LlmJobEntity } from '../job/llm-job.entity.js';
import type { PurposeRegistry } from '../job/llm-purpose.js';

/** Ends a running job whose items have all ended; true if this call ended it. */
export async function finishJob(dataSource: DataSource, purposes: PurposeRegistry, jobId: string): Promise<boolean> {
  return dataSource.transaction(async (tx) => {
    const ended = await tx.query<{ id: string }[]>(
      `with ended as (
         update llm_job set state = 'done', ended_at = now(), failure = null, revision = revision + 1
         where id = $1 and state = 'running' and started_at is not null and not exists (
           select from llm_item where job_id = $1 and state in ('waiting', 'in_flight', 'in_doubt', 'answered'))
         returning id)
       select id from ended`,
      [jobId],
    );
    if (ended.length === 0) return false;
    await spendDoubts(tx, jobId);
    const job = await tx.findOneByOrFail(LlmJobEntity, { id: jobId });
    await purposes.get(job.purpose).ended?.(tx, job);
    await notify(tx, job.projectId, 'llm-jobs', job.id);
    return true;
  });
}

/**
 * Stops a running job where it stands; its waiting items keep waiting. One with nothing left to ask is left to its end.
 * @returns whether this call stopped it
 */
export async function standStill(
  tx: EntityManager,
  job: Pick<LlmJobEntity, 'id' | 'projectId'>,
  state: 'paused' | 'failed',
  failure: string,
): Promise<boolean> {
  const stopped = await tx.query<unknown[]>(
    `with stopped as (
     update llm_job set state = $2, failure = $3, revision = revision + 1,
       ended_at = case when $2 = 'failed' then now() end where id = $1 and state = 'running'
       and ($2 = 'failed' or exists (select from llm_item where job_id = $1
         and state in ('waiting', 'in_flight', 'in_doubt', 'answered'))) returning id)
     select id from stopped`,
    [job.id, state, failure],
  );
  await notify(tx, job.projectId, 'llm-jobs', job.id);
  return stopped.length > 0;
}

/** Milliseconds until something of the job can go on: an item falls due, a lease runs out, a breaker closes; null: nothing waits. */
export async function nextDueMs(tx: Pick<EntityManager, 'query'>, jobId: string): Promise<number | null> {
  const [row] = await tx.query<{ ms: number | null }[]>(
    `select extract(epoch from greatest(least(
         (select min(run_at) from llm_item where job_id = j.id and state in ('waiting', 'in_doubt')),
         (select min(lease_until) from llm_item where job_id = j.id and state in ('in_flight', 'answered'))),
       case when exists (select from llm_item where job_id = j.id and state in ('in_flight', 'in_doubt', 'answered'))
         then null else (
           select min(greatest(p.breaker_open_until, b.open_until)) from llm_job_role r join provider p on p.id = r.provider_id
             left join model_breaker b on b.provider_id = r.provider_id and b.model = r.model
           where r.job_id = j.id and exists (select from llm_item i where i.job_id = j.id and i.role = r.role
             and i.state = 'waiting'))
         end) - clock_timestamp())::double precision * 1000 as ms
     from llm_job j where j.id = $1`,
    [jobId],
  );
  return row?.ms == null ? null : Math.max(0, row.ms);
}
