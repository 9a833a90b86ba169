import type { DataSource } from 'typeorm';
import { notify } from '@qingnang/queue';
import { failExpiredRuns } from '../outside/end-outside-run.js';
import { requestLaunch } from '../runs.jobs.js';
import { tellWebhook } from '../webhook/tell-webhook.js';

/** An attempt silent for so long has no worker any more. */
export const SILENT_SECONDS = 20;

/**
 * Marks attempts whose worker is gone as lost. Their runs wait for the next attempt, or for what a person had asked.
 * Runs trained elsewhere may be silent for as long as their token is good.
 * @returns how many were lost
 */
export async function sweepLostRuns(dataSource: DataSource, silentSeconds = SILENT_SECONDS): Promise<number> {
  return dataSource.transaction(async (tx) => {
    const lost = await tx.query<{ id: string; projectId: string; state: string }[]>(
      `with silent as (
         update run_attempt set state = 'lost', ended_at = now()
         where id in (select id from run_attempt where state in ('starting', 'running')
             and launcher <> 'outside' and heartbeat_at < now() - make_interval(secs => $1) for update skip locked)
         returning run_id),
       moved as (
         update run r set wish = null, revision = revision + 1,
           state = case r.wish when 'pause' then 'paused' when 'cancel' then 'cancelled' else 'queued' end,
           ended_at = case when r.wish = 'cancel' then now() end
         from silent where r.id = silent.run_id and r.state in ('starting', 'running')
         returning r.id, r.project_id as "projectId", r.state)
       select * from moved`,
      [silentSeconds],
    );
    for (const run of lost) {
      if (run.state === 'queued') await requestLaunch(tx, run.projectId, run.id);
      const event = run.state === 'paused' ? 'run.paused' : 'run.lost';
      if (run.state !== 'cancelled') {
        await tellWebhook(tx, run.projectId, { event, subject: { type: 'run', id: run.id } });
      }
      await notify(tx, run.projectId, 'runs', run.id);
    }
    return lost.length + (await failExpiredRuns(tx));
  });
}
