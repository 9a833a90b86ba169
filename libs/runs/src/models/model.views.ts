import type { ListReply, ModelDetail, ModelQuery, ModelServerView, ModelView } from '@qingnang/contracts';
import { listPage, type Queryable } from '@qingnang/database';
import { notFound } from '@qingnang/kernel';
import { readInputs } from '../run/run.views.js';

const COLUMNS = `m.id, m.name, m.stage, m.run_id as "runId", m.weights_hash as "weightsHash",
  m.context_tokens as "contextTokens", m.rehearsal, m.state, m.created_at as "createdAt",
  (select p.id from provider p where p.model_id = m.id limit 1) as "providerId",
  (select json_build_object('state', s.state, 'failure', s.failure, 'wantedUntil', s.wanted_until, 'providerId', s.provider_id)
   from model_server s where s.model_id = m.id order by s.created_at desc, s.id desc limit 1) as server`;

interface Row extends Omit<ModelView, 'server'> {
  server: (Omit<ModelServerView, 'wantedUntil'> & { wantedUntil: string }) | null;
}

/** Dates inside JSON come as PostgreSQL writes them. */
function view(row: Row): ModelView {
  const { server } = row;
  return {
    ...row,
    server: server && { ...server, wantedUntil: new Date(server.wantedUntil).toISOString() },
  };
}

export function listModels(db: Queryable, projectId: string, query: ModelQuery): Promise<ListReply<ModelView>> {
  const params: unknown[] = [projectId];
  const where = ['m.project_id = $1'];
  if (query.stage) where.push(`m.stage = $${params.push(query.stage)}`);
  if (query.speaks !== undefined) where.push(query.speaks ? `m.stage <> 'reward'` : `m.stage = 'reward'`);
  return listPage<Row, ModelView>(db, {
    select: COLUMNS,
    from: 'model m',
    where,
    params,
    sortable: {
      createdAt: { sql: 'm.created_at', type: 'timestamptz' },
      name: { sql: 'm.name', type: 'text' },
    },
    id: { sql: 'm.id', type: 'uuid' },
    query,
    map: view,
  });
}

export async function readModel(db: Queryable, projectId: string, id: string): Promise<ModelDetail> {
  const [row] = await db.query<
    (Row & Pick<ModelDetail, 'trainedElsewhere'> & { figures: Record<string, number> | null })[]
  >(
    `select ${COLUMNS}, r.result -> 'figures' as figures, r.trained_elsewhere as "trainedElsewhere" from model m left join run r on r.id = m.run_id
     where m.project_id = $1 and m.id = $2`,
    [projectId, id],
  );
  if (!row) throw notFound('model', id);
  const children = await db.query<ModelDetail['children']>(
    `select distinct c.id, c.name, c.stage, c.created_at from run_input i join model c on c.run_id = i.run_id
     where i.model_id = $1 order by c.created_at`,
    [id],
  );
  return {
    ...view(row),
    inputs: row.runId === null ? [] : await readInputs(db, row.runId),
    children,
    lineage: await readLineage(db, id),
    figures: row.figures ?? {},
    trainedElsewhere: row.trainedElsewhere,
  };
}

/** Everything a model descends from, through the inputs of its run, of their runs, and so on. */
export function readLineage(db: Queryable, modelId: string): Promise<ModelDetail['lineage']> {
  return db.query<ModelDetail['lineage']>(
    `with recursive line as (
       select 1 as depth, i.snapshot_id, i.model_id from model m join run_input i on i.run_id = m.run_id where m.id = $1
       union
       select line.depth + 1, i.snapshot_id, i.model_id
       from line join model m on m.id = line.model_id join run_input i on i.run_id = m.run_id)
     select min(line.depth)::int as depth, case when s.id is null then 'model' else 'snapshot' end as kind,
       coalesce(s.id, m.id) as id, coalesce(s.name || ' v' || s.version, m.name) as name
     from line left join snapshot s on s.id = line.snapshot_id left join model m on m.id = line.model_id
     group by s.id, m.id order by 1, 2, 4`,
    [modelId],
  );
}
