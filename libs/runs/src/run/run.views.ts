import type {
  JsonObject,
  ListReply,
  RunAttemptView,
  RunConfig,
  RunDetail,
  RunInputView,
  RunQuery,
  RunResult,
  RunView,
} from '@qingnang/contracts';
import { listPage, type Queryable } from '@qingnang/database';
import { notFound } from '@qingnang/kernel';

const COLUMNS = `r.id, r.name, r.method, r.config ->> 'preset' as preset, r.seed, r.launcher, r.state, r.wish, r.failure,
  coalesce((r.result ->> 'steps')::int, (select max(m.step) from run_metric m where m.run_id = r.id), 0) as step,
  case when r.config ->> 'epochs' is null then (r.config ->> 'steps')::int
    when r.state = 'succeeded' then (r.result ->> 'steps')::int end as steps,
  (select count(*)::int from run_attempt a where a.run_id = r.id) as attempts,
  r.created_at as "createdAt", r.started_at as "startedAt", r.ended_at as "endedAt", r.revision`;

/** A row of {@link COLUMNS}; dates become text where the answer is written. */
type Row = RunView & { createdAt: string };

export function listRuns(db: Queryable, projectId: string, query: RunQuery): Promise<ListReply<RunView>> {
  const params: unknown[] = [projectId];
  const where = ['r.project_id = $1'];
  if (query.method) where.push(`r.method = $${params.push(query.method)}`);
  if (query.state) where.push(`r.state = $${params.push(query.state)}`);
  return listPage<Row, RunView>(db, {
    select: COLUMNS,
    from: 'run r',
    where,
    params,
    sortable: { createdAt: { sql: 'r.created_at', type: 'timestamptz' } },
    id: { sql: 'r.id', type: 'uuid' },
    query,
    map: (row) => row,
  });
}

export async function readRun(db: Queryable, projectId: string, id: string): Promise<RunDetail> {
  const [row] = await db.query<
    (Row & Pick<RunDetail, 'modelId' | 'trainedElsewhere'> & { config: RunConfig; result: RunResult | null })[]
  >(
    `select ${COLUMNS}, r.config, r.result, r.trained_elsewhere as "trainedElsewhere", (select m.id from model m where m.run_id = r.id limit 1) as "modelId"
     from run r where r.project_id = $1 and r.id = $2`,
    [projectId, id],
  );
  if (!row) throw notFound('run', id);
  const attemptList = await db.query<RunAttemptView[]>(
    `select n, state, launcher, resumed_from_step as "resumedFromStep", exit_code as "exitCode",
       heartbeat_at as "heartbeatAt", started_at as "startedAt", ended_at as "endedAt"
     from run_attempt where run_id = $1 order by n`,
    [id],
  );
  const checkpoints = await db.query<(Omit<RunDetail['checkpoints'][number], 'bytes'> & { bytes: string })[]>(
    `select step, attempt, weights_hash as "weightsHash", bytes, created_at as "createdAt"
     from checkpoint where run_id = $1 order by step, attempt`,
    [id],
  );
  return {
    ...row,
    attemptList,
    checkpoints: checkpoints.map((each) => ({ ...each, bytes: Number(each.bytes) })),
    inputs: await readInputs(db, id),
    figures: row.result?.figures ?? {},
    result: row.result as JsonObject | null,
  };
}

export function readInputs(db: Queryable, runId: string): Promise<RunInputView[]> {
  return db.query<RunInputView[]>(
    `select i.role, i.snapshot_id as "snapshotId", i.model_id as "modelId", i.digest,
       coalesce(s.name || ' v' || s.version, m.name) as name
     from run_input i left join snapshot s on s.id = i.snapshot_id left join model m on m.id = i.model_id
     where i.run_id = $1 order by array_position(array['data', 'policy', 'reference', 'reward', 'ptx'], i.role), i.n`,
    [runId],
  );
}
