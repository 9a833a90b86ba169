import type { EntityManager } from 'typeorm';
import { copyRows } from '@qingnang/database';
import { uuidv7 } from '@qingnang/kernel';
import { createRecords, type RecordOrigin } from '../creation/create-records.js';
import type { ImportEntity } from './import.entity.js';
import { refreshSourceSets } from '../sources/source-sets.js';
import type { SourceEntity } from '../sources/source.entity.js';
import { type IdVerdict, judgeKnownIds } from './known-ids.js';
import type { PreparedBatch } from '../preparing/prepare-batches.js';
import type { PreparedRow, RejectedRow } from '../preparing/prepare-row.js';
import { asWithdrawn, refuseId } from './refused-rows.js';
import { replaceChanged } from './replace-changed.js';

export interface BatchCounts {
  accepted: number;
  replaced: number;
  duplicate: number;
  rejected: number;
  /** The rejected by reason. */
  reasons: Record<string, number>;
  /** The others by what was noticed while they were read. */
  notes: Record<string, number>;
  /** Records approved until a row replaced their words. */
  endedApprovals: number;
}

interface Placed {
  prepared: PreparedRow;
  recordId: string;
  versionId: string;
  outcome: 'accepted' | 'replaced' | 'duplicate';
  endedApprovalId: string | null;
}

/** The file that whole rows stand in; joined files come after it. */
const ROWS_FILE = 0;

/**
 * Stores one batch of rows in the caller's transaction: new records with their import versions, an occurrence a row
 * accepted, replacing or duplicate, a rejected row otherwise. Rows of a record that was withdrawn are rejected as
 * `withdrawn`, rows of a known id with other words as was chosen.
 */
export async function storeBatch(
  tx: EntityManager,
  context: { import: ImportEntity; source: SourceEntity },
  { prepared, rejected: unreadable }: PreparedBatch,
): Promise<BatchCounts> {
  const { import: job, source } = context;
  const verdicts = await judgeKnownIds(tx, job, prepared);
  const { placed, withdrawn } = await place(tx, context, verdicts, prepared);
  await insertOccurrences(tx, context, placed);
  await addSource(tx, source, placed);
  const byId = [...verdicts].flatMap(([row, verdict]) => (typeof verdict === 'string' ? [refuseId(row, verdict)] : []));
  const rejected = [...unreadable, ...withdrawn.map(asWithdrawn), ...byId];
  await insertRejected(tx, job, rejected);
  return countUp(placed, rejected);
}

/** Makes or finds the record of every row that is not refused by its id. */
async function place(
  tx: EntityManager,
  { import: job, source }: { import: ImportEntity; source: SourceEntity },
  verdicts: ReadonlyMap<PreparedRow, IdVerdict>,
  prepared: readonly PreparedRow[],
): Promise<{ placed: Placed[]; withdrawn: PreparedRow[] }> {
  const { projectId, dataSet } = job;
  const origin: RecordOrigin = { projectId, dataSet, source, kind: 'import', madeBy: { kind: 'import', id: job.id } };
  const replacing = new Map<PreparedRow, string>();
  for (const [row, verdict] of verdicts) if (typeof verdict !== 'string') replacing.set(row, verdict.replaces);
  const taken = await replaceChanged(tx, job, origin, replacing);
  const rest = prepared.filter((row) => !taken.has(row) && typeof verdicts.get(row) !== 'string');
  const created = await createRecords(tx, rest, origin);
  const placed = [...taken].map(([row, one]): Placed => ({ prepared: row, ...one, outcome: 'replaced' }));
  for (const [i, row] of rest.entries()) {
    const { recordId, versionId, outcome } = created[i]!;
    if (outcome === 'withdrawn') continue;
    const replaced = outcome === 'accepted' && row.derivedFromRecordId !== null;
    placed.push({
      prepared: row,
      recordId,
      versionId,
      outcome: replaced ? 'replaced' : outcome,
      endedApprovalId: null,
    });
  }
  return { placed, withdrawn: rest.filter((_, i) => created[i]!.outcome === 'withdrawn') };
}

function countUp(placed: readonly Placed[], rejected: readonly RejectedRow[]): BatchCounts {
  const count = (outcome: Placed['outcome']): number => placed.filter((row) => row.outcome === outcome).length;
  return {
    accepted: count('accepted'),
    replaced: count('replaced'),
    duplicate: count('duplicate'),
    rejected: rejected.length,
    reasons: tally(rejected.map((row) => row.reason)),
    notes: tally(placed.flatMap((row) => row.prepared.row.notes)),
    endedApprovals: placed.filter((row) => row.endedApprovalId !== null).length,
  };
}

function tally(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

const OCCURRENCE_COLUMNS = [
  ...['id', 'project_id', 'record_id', 'version_id', 'source_id', 'import_id', 'file_n', 'row_number', 'line'],
  ...['outside_id', 'outcome', 'ended_approval_id', 'notes'],
];

async function insertOccurrences(
  tx: EntityManager,
  { import: job, source }: { import: ImportEntity; source: SourceEntity },
  placed: readonly Placed[],
): Promise<void> {
  await copyRows(
    tx,
    'occurrence',
    OCCURRENCE_COLUMNS,
    placed.map(({ prepared, recordId, versionId, outcome, endedApprovalId }) => {
      const { rowNumber, line, outsideId, notes } = prepared.row;
      return [
        ...[uuidv7(), job.projectId, recordId, versionId, source.id, job.id, ROWS_FILE, rowNumber, line, outsideId],
        ...[outcome, endedApprovalId, notes.length > 0 ? `{${notes.join(',')}}` : null],
      ];
    }),
  );
}

/**
 * Allowed use follows every source that said the words: what this one bars is barred, in whatever was made from them too.
 * So one evaluate-only occurrence bars training.
 */
async function addSource(
  tx: EntityManager,
  source: Pick<SourceEntity, 'id' | 'projectId'>,
  placed: readonly Placed[],
): Promise<void> {
  const again = placed.filter((row) => row.outcome !== 'accepted').map((row) => row.recordId);
  if (again.length === 0) return;
  const others: { id: string }[] = await tx.query(
    `select r.id from record r join source_set w on w.id = r.source_set_id
     where r.id = any($1::uuid[]) and not w.sources @> array[$2::uuid]`,
    [again, source.id],
  );
  await refreshSourceSets(
    tx,
    source.projectId,
    others.map((record) => record.id),
  );
}

async function insertRejected(tx: EntityManager, job: ImportEntity, rows: readonly RejectedRow[]): Promise<void> {
  if (rows.length === 0) return;
  await tx.query(
    `insert into rejected_row (id, project_id, import_id, file_n, row_number, line, reason, field, detail, said, raw)
     select x.id, $2, $3, $4, x.row_number, x.line, x.reason, x.field, x.detail, x.said, x.raw
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
      ROWS_FILE,
    ],
  );
}
