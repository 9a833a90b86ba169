import type { EntityManager } from 'typeorm';
import { uuidv7 } from '@qingnang/kernel';
import type { ImportEntity } from './import.entity.js';
import type { SourceEntity } from '../sources/source.entity.js';
import type { PreparedRow, RejectedRow } from './prepare-rows.js';
import { insertVersions } from './insert-versions.js';
import { replaceChanged } from './replace-changed.js';

export interface BatchCounts {
  accepted: number;
  duplicate: number;
  rejected: number;
  /** The rejected by reason. */
  reasons: Record<string, number>;
  /** The others by what was noticed while they were read. */
  notes: Record<string, number>;
}

interface Placed {
  prepared: PreparedRow;
  recordId: string;
  outcome: 'accepted' | 'duplicate';
}

/**
 * Stores one batch of rows in the caller's transaction: new records with their import versions, an occurrence a row
 * accepted or duplicate, a rejected row otherwise. Rows of a record that was withdrawn are rejected as `withdrawn`.
 */
export async function storeBatch(
  tx: EntityManager,
  context: { import: ImportEntity; source: SourceEntity },
  prepared: readonly PreparedRow[],
  rejected: readonly RejectedRow[],
): Promise<BatchCounts> {
  const changed = await replaceChanged(tx, context, prepared);
  const rest = prepared.filter((row) => !changed.has(row));
  const known = await insertRecords(tx, context, rest);
  const created = new Set(rest.map((row) => row.recordId));
  const withdrawn = rest.filter((row) => known.get(row.identityHash)?.state === 'withdrawn');
  const placed: Placed[] = prepared
    .filter((row) => !withdrawn.includes(row))
    .map((row) => {
      const recordId = changed.get(row) ?? known.get(row.identityHash)!.id;
      const fresh = changed.has(row) || (created.has(recordId) && recordId === row.recordId);
      return { prepared: row, recordId, outcome: fresh ? 'accepted' : 'duplicate' };
    });
  await insertOccurrences(tx, context, placed);
  await narrowAllowedUse(tx, context.source, placed);
  const refused = [...rejected, ...withdrawn.map(asWithdrawn)];
  await insertRejected(tx, context.import, refused);
  const accepted = placed.filter((row) => row.outcome === 'accepted').length;
  const reasons = tally(refused.map((row) => row.reason));
  const notes = tally(placed.flatMap((row) => row.prepared.row.notes));
  return { accepted, duplicate: placed.length - accepted, rejected: refused.length, reasons, notes };
}

function tally(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

/** Inserts what is new and returns, by identity hash, the record that every row of the batch belongs to. */
async function insertRecords(
  tx: EntityManager,
  { import: job, source }: { import: ImportEntity; source: SourceEntity },
  rows: readonly PreparedRow[],
): Promise<Map<string, { id: string; state: string }>> {
  const byHash = new Map<string, PreparedRow>();
  for (const row of rows) if (!byHash.has(row.identityHash)) byHash.set(row.identityHash, row);
  // Sorted, so that two imports of the same rows wait for each other instead of locking each other out.
  const first = [...byHash.values()].sort((a, b) => (a.identityHash < b.identityHash ? -1 : 1));
  const inserted: { identity_hash: string; id: string }[] = await tx.query(
    `insert into record (id, project_id, data_set, department, language, identity_hash, question_hash, question_only,
       flags, group_id, allowed_use, synthetic, source_id, import_version_id, latest_version_id, turn_count,
       character_count)
     select x.id, $2, $3, x.department, $4, x.identity_hash, x.question_hash, x.question_only,
       array(select jsonb_array_elements_text(x.flags)), x.group_id, $5::text[], $6, $7, x.version_id, x.version_id,
       x.turn_count, x.character_count
     from jsonb_to_recordset($1::jsonb) as x (id uuid, department text, identity_hash text, question_hash text,
       question_only boolean, flags jsonb, group_id text, version_id uuid, turn_count integer, character_count integer)
     on conflict (project_id, data_set, identity_hash) do nothing
     returning identity_hash, id`,
    [
      JSON.stringify(first.map(recordJson)),
      job.projectId,
      job.dataSet,
      source.language,
      source.allowedUse,
      source.synthetic,
      source.id,
    ],
  );
  const isNew = new Set(inserted.map((row) => row.identity_hash));
  const fresh = first.filter((row) => isNew.has(row.identityHash));
  await insertVersions(tx, job, fresh);
  return recordsByHash(tx, job, [...byHash.keys()]);
}

async function recordsByHash(
  tx: EntityManager,
  job: ImportEntity,
  hashes: readonly string[],
): Promise<Map<string, { id: string; state: string }>> {
  const found: { identity_hash: string; id: string; state: string }[] = await tx.query(
    `select identity_hash, id, state from record
     where project_id = $1 and data_set = $2 and identity_hash = any($3::text[])`,
    [job.projectId, job.dataSet, hashes],
  );
  return new Map(found.map((row) => [row.identity_hash, { id: row.id, state: row.state }]));
}

function recordJson(row: PreparedRow): Record<string, unknown> {
  return {
    id: row.recordId,
    department: row.row.department,
    identity_hash: row.identityHash,
    question_hash: row.questionHash,
    question_only: row.row.questionOnly,
    flags: row.flags,
    group_id: row.groupId,
    version_id: row.versionId,
    turn_count: row.turns.length,
    character_count: row.characterCount,
  };
}

async function insertOccurrences(
  tx: EntityManager,
  { import: job, source }: { import: ImportEntity; source: SourceEntity },
  placed: readonly Placed[],
): Promise<void> {
  await tx.query(
    `insert into occurrence (id, project_id, record_id, source_id, import_id, row_number, line, outside_id, outcome, notes)
     select x.id, $2, x.record_id, $3, $4, x.row_number, x.line, x.outside_id, x.outcome,
       array(select jsonb_array_elements_text(x.notes))
     from jsonb_to_recordset($1::jsonb) as x (id uuid, record_id uuid, row_number integer, line integer,
       outside_id text, outcome text, notes jsonb)`,
    [
      JSON.stringify(
        placed.map(({ prepared, recordId, outcome }) => ({
          id: uuidv7(),
          record_id: recordId,
          row_number: prepared.row.rowNumber,
          line: prepared.row.line,
          outside_id: prepared.row.outsideId,
          outcome,
          notes: prepared.row.notes,
        })),
      ),
      job.projectId,
      source.id,
      job.id,
    ],
  );
}

/**
 * Allowed use follows all occurrences, across data sets too: a text may be trained on, shown as a reference or released
 * only if every source of it says so; it may be evaluated on if any does. So one evaluate-only occurrence bars training.
 */
export async function narrowAllowedUse(
  tx: EntityManager,
  source: Pick<SourceEntity, 'allowedUse'>,
  placed: readonly Pick<Placed, 'recordId' | 'outcome'>[],
): Promise<void> {
  const again = placed.filter((row) => row.outcome === 'duplicate').map((row) => row.recordId);
  if (again.length === 0) return;
  await tx.query(
    `update record set allowed_use = array(
       select use from unnest(array['train', 'evaluate', 'reference', 'release']) use
       where case when use = 'evaluate' then use = any(allowed_use || $2::text[])
                  else use = any(allowed_use) and use = any($2::text[]) end)
     where id = any($1::uuid[])`,
    [again, source.allowedUse],
  );
}

function asWithdrawn({ row }: PreparedRow): RejectedRow {
  return {
    kind: 'rejected',
    line: row.line,
    rowNumber: row.rowNumber,
    reason: 'withdrawn',
    field: null,
    detail: 'This text was withdrawn here before and is not taken again.',
    // What was erased on request is not kept a second time.
    raw: '',
  };
}

async function insertRejected(tx: EntityManager, job: ImportEntity, rows: readonly RejectedRow[]): Promise<void> {
  if (rows.length === 0) return;
  await tx.query(
    `insert into rejected_row (id, project_id, import_id, row_number, line, reason, field, detail, said, raw)
     select x.id, $2, $3, x.row_number, x.line, x.reason, x.field, x.detail, x.said, x.raw
     from jsonb_to_recordset($1::jsonb) as x (id uuid, row_number integer, line integer, reason text, field text,
       detail text, said jsonb, raw text)`,
    [
      JSON.stringify(
        rows.map((row) => ({
          id: uuidv7(),
          row_number: row.rowNumber,
          line: row.line,
          reason: row.reason,
          field: row.field,
          detail: row.detail,
          said: row.said ?? null,
          // PostgreSQL's text holds no NUL.
          raw: row.raw.replaceAll('\u0000', '\uFFFD'),
        })),
      ),
      job.projectId,
      job.id,
    ],
  );
}
