import type { EntityManager } from 'typeorm';
import type { BulkReason, RecordFilter } from '@qingnang/contracts';
import { recordFilterSql } from '../records/record-filter-sql.js';
import type { BulkJobEntity } from './bulk-job.entity.js';
import { BATCH, type Batch, type BulkStep, type Reasons } from './bulk-step.js';

/** A record that the job does something to: today's text, and what stands in the way, if anything. */
export interface Chosen {
  recordId: string;
  versionId: string;
}

/** What a job made or ended of a record, so that it can be taken back. */
export interface Trace {
  recordId: string;
  approvalId?: string | undefined;
  holdId?: string | undefined;
}

/** Something that is done to records: which, which of them are left and why, and how it is taken back. */
export interface RecordAct {
  kind: BulkStep['kind'];
  /** The filter as it is meant for this kind. */
  filter?(job: BulkJobEntity): RecordFilter;
  /** Why a record is left: the first that is true of `record r` and its today's `version v`, as SQL. */
  leave(job: BulkJobEntity, bind: (value: unknown) => string): readonly (readonly [BulkReason, string])[];
  /** Done to records that are held. */
  act(tx: EntityManager, job: BulkJobEntity, chosen: readonly Chosen[]): Promise<Trace[]>;
  finish?: BulkStep['finish'];
  /** Takes back what can be, of records that are held; the others are kept for the reason given. */
  undo(tx: EntityManager, job: BulkJobEntity, traces: readonly Trace[]): Promise<ReadonlyMap<string, BulkReason>>;
}

/** The records of a filter that were there when the job was ordered. */
function population(job: BulkJobEntity, filter: RecordFilter, params: unknown[]): string {
  params.push(job.projectId, job.id);
  return `r.project_id = $1 and r.created_at <= (select j.created_at from bulk_job j where j.id = $2)
    and ${recordFilterSql(filter, params)}`;
}

const filterOf = (act: RecordAct, job: BulkJobEntity): RecordFilter => act.filter?.(job) ?? job.filter;

/** A kind of bulk job that goes through records in the order of their ids. */
export function recordStep(act: RecordAct): BulkStep {
  return {
    kind: act.kind,
    async count(tx, job) {
      const params: unknown[] = [];
      const [row] = await tx.query<{ n: number }[]>(
        `select count(*)::int as n from record r where ${population(job, filterOf(act, job), params)}`,
        params,
      );
      return row!.n;
    },
    batch: (tx, job) => doBatch(tx, job, act),
    ...(act.finish ? { finish: act.finish } : {}),
    undo: (tx, job) => undoBatch(tx, job, act),
  };
}

async function doBatch(tx: EntityManager, job: BulkJobEntity, act: RecordAct): Promise<Batch> {
  const params: unknown[] = [];
  const where = population(job, filterOf(act, job), params);
  const after = `$${params.push(job.afterId)}`;
  const ids = await idsOf(
    tx,
    `select r.id from record r where ${where} and (${after}::uuid is null or r.id > ${after}) order by r.id limit ${BATCH}`,
    params,
  );
  if (ids.length === 0) return { afterId: null, done: 0, left: {} };
  const looked = await look(tx, job, act, ids);
  const chosen = looked.filter(({ reason }) => reason === null);
  const left = looked.filter(({ reason }) => reason !== null);
  const traces = chosen.length === 0 ? [] : await act.act(tx, job, chosen);
  await keepItems(tx, job, traces, left);
  return { afterId: ids.at(-1)!, done: chosen.length, left: countBy(left.map(({ reason }) => reason!)) };
}

interface Looked extends Chosen {
  reason: BulkReason | null;
}

/** Held first, in the order in which others hold them, and judged after: what was just being done with them is seen then. */
async function look(tx: EntityManager, job: BulkJobEntity, act: RecordAct, ids: readonly string[]): Promise<Looked[]> {
  await hold(tx, ids);
  const params: unknown[] = [];
  const where = population(job, filterOf(act, job), params);
  const bind = (value: unknown): string => `$${params.push(value)}`;
  const cases = act.leave(job, bind).map(([reason, sql]) => `when ${sql} then '${reason}'`);
  return tx.query(
    `select r.id as "recordId", r.latest_version_id as "versionId",
       case ${cases.join(' ')} when not (${where}) then 'changed_meanwhile' end as reason
     from record r join version v on v.id = r.latest_version_id where r.id = any(${bind(ids)}::uuid[]) order by r.id`,
    params,
  );
}

async function undoBatch(tx: EntityManager, job: BulkJobEntity, act: RecordAct): Promise<Batch> {
  const traces: Trace[] = await tx.query(
    `select record_id as "recordId", approval_id as "approvalId", hold_id as "holdId" from bulk_item
     where bulk_job_id = $1 and ($2::uuid is null or record_id > $2) and outcome = 'done' order by record_id limit ${BATCH}`,
    [job.id, job.afterId],
  );
  const last = traces.at(-1);
  if (!last) return { afterId: null, done: 0, left: {} };
  await hold(
    tx,
    traces.map(({ recordId }) => recordId),
  );
  const kept = await act.undo(tx, job, traces);
  await tx.query(
    `update bulk_item i set outcome = case when x.reason is null then 'undone' else 'kept' end, reason = x.reason
     from unnest($2::uuid[], $3::text[]) as x (record_id, reason) where i.bulk_job_id = $1 and i.record_id = x.record_id`,
    [job.id, traces.map(({ recordId }) => recordId), traces.map(({ recordId }) => kept.get(recordId) ?? null)],
  );
  return { afterId: last.recordId, done: traces.length - kept.size, left: countBy([...kept.values()]) };
}

async function hold(tx: EntityManager, ids: readonly string[]): Promise<void> {
  await tx.query('select from record where id = any($1::uuid[]) order by identity_hash for update', [ids]);
}

async function keepItems(
  tx: EntityManager,
  job: BulkJobEntity,
  traces: readonly Trace[],
  left: readonly Looked[],
): Promise<void> {
  const items = [
    ...traces.map((trace) => ({ ...trace, outcome: 'done' })),
    ...left.map(({ recordId, reason }) => ({ recordId, reason, outcome: 'left' })),
  ];
  await tx.query(
    `insert into bulk_item (bulk_job_id, project_id, record_id, outcome, reason, approval_id, hold_id)
     select $1, $2, x."recordId", x.outcome, x.reason, x."approvalId", x."holdId"
     from jsonb_to_recordset($3::jsonb) as x ("recordId" uuid, outcome text, reason text, "approvalId" uuid, "holdId" uuid)`,
    [job.id, job.projectId, JSON.stringify(items)],
  );
}

async function idsOf(tx: EntityManager, sql: string, params: unknown[]): Promise<string[]> {
  const rows = await tx.query<{ id: string }[]>(sql, params);
  return rows.map(({ id }) => id);
}

function countBy(reasons: readonly BulkReason[]): Reasons {
  const counts: Reasons = {};
  for (const reason of reasons) counts[reason] = (counts[reason] ?? 0) + 1;
  return counts;
}
