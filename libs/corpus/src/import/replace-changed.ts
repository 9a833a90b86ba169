import type { EntityManager } from 'typeorm';
import { hashBytes } from '@qingnang/kernel';
import { enqueue } from '@qingnang/queue';
import { insertVersions, type RecordOrigin } from '../creation/create-records.js';
import { identityKeySql } from '../creation/identity-key-sql.js';
import { endApproval } from '../records/approvals.js';
import { recordChangedJob } from '../corpus.jobs.js';
import type { ImportEntity } from './import.entity.js';
import type { PreparedRow } from '../preparing/prepare-row.js';

export interface Replaced {
  recordId: string;
  versionId: string;
  endedApprovalId: string | null;
}

/**
 * Lets records take the words of rows that replace what their id said: a new import version, the approval ended, open work
 * begun again. Where another row still says the old words, they keep their record, and the row is marked to become one
 * derived from it; where another record says the new words already, the row is left to be its duplicate. Returns what
 * became of the rows that were taken.
 */
export async function replaceChanged(
  tx: EntityManager,
  job: ImportEntity,
  origin: RecordOrigin,
  replacing: ReadonlyMap<PreparedRow, string>,
): Promise<Map<PreparedRow, Replaced>> {
  const taken = new Map<PreparedRow, Replaced>();
  if (replacing.size === 0) return taken;
  const elsewhere = await saidElsewhere(tx, job, replacing);
  for (const [row, recordId] of replacing) {
    if (elsewhere.has(recordId)) {
      row.derivedFromRecordId = recordId;
      continue;
    }
    const one = await replace(tx, job, origin, recordId, row);
    if (one) taken.set(row, one);
  }
  return taken;
}

/** Of the records to be replaced, those whose words of today another source says, or another row of this one. */
async function saidElsewhere(
  tx: EntityManager,
  job: ImportEntity,
  replacing: ReadonlyMap<PreparedRow, string>,
): Promise<Set<string>> {
  const pairs = [...replacing].map(([row, recordId]) => ({ record_id: recordId, outside_id: row.row.outsideId }));
  const rows: { id: string }[] = await tx.query(
    `select r.id from jsonb_to_recordset($2::jsonb) as x (record_id uuid, outside_id text)
     join record r on r.id = x.record_id
     where exists (select from occurrence o where o.record_id = r.id and o.version_id = r.import_version_id
       and (o.source_id, o.outside_id) is distinct from ($1::uuid, x.outside_id))`,
    [job.sourceId, JSON.stringify(pairs)],
  );
  return new Set(rows.map((row) => row.id));
}

/** Null where another record says these words already, or the record was just withdrawn. */
async function replace(
  tx: EntityManager,
  job: ImportEntity,
  origin: RecordOrigin,
  recordId: string,
  row: PreparedRow,
): Promise<Replaced | null> {
  const [, updated]: [unknown, number] = await tx.query(
    `update record set identity_hash = $3, question_hash = $4, question_only = $5, flags = $6, turn_count = $7,
       character_count = $8, import_version_id = $9, latest_version_id = $9,
       state = case when state = 'held_back' then state else 'imported' end, updated_at = now()
     where id = $1 and state <> 'withdrawn' and not exists (
       select from record other where ${identityKeySql('other.project_id', 'other.data_set', 'other.identity_hash')}
         = ${identityKeySql('$10::uuid', '$2', '$3::bytea')})`,
    [
      recordId,
      job.dataSet,
      hashBytes(row.identityHash),
      row.questionHash === null ? null : hashBytes(row.questionHash),
      row.questionOnly,
      row.flags.length > 0 ? row.flags : null,
      row.turns.length,
      row.characterCount,
      row.versionId,
      job.projectId,
    ],
  );
  if (updated === 0) return null;
  // Its group was that of other words; the next grouping finds what it still belongs with.
  await tx.query('delete from record_signal where record_id = $1', [recordId]);
  await insertVersions(tx, [{ ...row, recordId }], origin);
  const endedApprovalId = await endApproval(tx, recordId);
  await enqueue(tx, recordChangedJob, { projectId: job.projectId, recordId });
  return { recordId, versionId: row.versionId, endedApprovalId };
}
