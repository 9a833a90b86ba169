import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Actor, MetricBatch, MetricsReply, RunMetrics, RunMetricsQuery, RunState } from '@qingnang/contracts';
import { DomainError, notFound } from '@qingnang/kernel';
import { notify } from '@qingnang/queue';
import { runEnded } from '../outside/find-outside-run.js';
import { downsample, type PlotPoint } from './downsample.js';
import { storeMetrics } from './store-metrics.js';

const ENDED: readonly RunState[] = ['succeeded', 'failed', 'cancelled'];

/** A run's metrics: taken from its trainer, given to its plots. */
@Injectable()
export class MetricsService {
  constructor(private readonly dataSource: DataSource) {}

  /** @throws DomainError `run.unknown_attempt` (422), `run.ended` (409) for the run's own token, 404 */
  take(actor: Actor, id: string, batch: MetricBatch): Promise<MetricsReply> {
    return this.dataSource.transaction(async (tx) => {
      const [run] = await tx.query<{ attempts: number | null; state: RunState }[]>(
        `select r.state, (select max(n) from run_attempt a where a.run_id = r.id) as attempts
         from run r where r.project_id = $1 and r.id = $2`,
        [actor.projectId, id],
      );
      if (!run) throw notFound('run', id);
      if (actor.runId !== null && ENDED.includes(run.state)) throw runEnded(run);
      const highest = Math.max(...batch.points.map((point) => point.attempt));
      if (highest > (run.attempts ?? 0)) throw unknownAttempt(highest, run.attempts ?? 0);
      const stored = await storeMetrics(tx, { id, projectId: actor.projectId }, batch.points);
      await tx.query(
        `update run_attempt set heartbeat_at = now() where run_id = $1 and launcher = 'outside' and state = 'running'`,
        [id],
      );
      if (stored > 0) await notify(tx, actor.projectId, 'runs', id);
      return { received: batch.points.length, stored };
    });
  }

  /**
   * The curves as they count: an attempt replaces what earlier ones said from its own first step on, since it began again
   * from a checkpoint before that step.
   */
  async read(actor: Actor, id: string, query: RunMetricsQuery): Promise<RunMetrics> {
    const known = await this.dataSource.query<unknown[]>('select from run where project_id = $1 and id = $2', [
      actor.projectId,
      id,
    ]);
    if (known.length === 0) throw notFound('run', id);
    const keys = await this.dataSource.query<{ key: string }[]>(
      'select distinct key from run_metric where run_id = $1 order by key',
      [id],
    );
    const wanted = query.keys?.split(',').filter((key) => key !== '') ?? null;
    const rows = await this.dataSource.query<{ key: string; points: PlotPoint[] }[]>(
      `with first as (select attempt, min(step) as step from run_metric where run_id = $1 group by attempt)
       select m.key, json_agg(json_build_array(m.step, m.value) order by m.step) as points
       from run_metric m
       where m.run_id = $1 and ($2::text[] is null or m.key = any($2))
         and not exists (select from first f where f.attempt > m.attempt and f.step <= m.step)
       group by m.key order by m.key`,
      [id, wanted],
    );
    return {
      keys: keys.map(({ key }) => key),
      series: rows.map(({ key, points }) => ({ key, points: downsample(points, query.points) })),
    };
  }
}

function unknownAttempt(attempt: number, known: number): DomainError {
  return new DomainError({
    code: 'run.unknown_attempt',
    status: 422,
    field: 'points',
    detail: `This run has ${known} attempts so far, and the batch names attempt ${attempt}: pass --attempt as the launcher did.`,
  });
}
