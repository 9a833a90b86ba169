import type { EntityManager } from 'typeorm';
import { enqueue } from '@qingnang/queue';
import { endApproval } from '../records/approvals.js';
import { recordChangedJob } from '../corpus.jobs.js';
import type { ImportEntity } from './import.entity.js';
import type { SourceEntity } from '../sources/source.entity.js';
import type { PreparedRow } from './prepare-rows.js';
import { insertVersions } from './insert-versions.js';

/**
 * Rows whose source and outside id an earlier import has brought with other words: the record gets a new import version,
 * its approval ends, and it waits for work again. Returns the record of each such row; all other rows are left alone. An
 * id tells which record changed only while it names a single one; repeated in this file, its first row alone counts.
 */
export async function replaceChanged(
  tx: EntityManager,
  context: { import: ImportEntity; source: SourceEntity },
  prepared: readonly PreparedRow[],
): Promise<Map<PreparedRow, string>> {
  const changed = new Map<PreparedRow, string>();
  const withId = prepared.filter((row) => row.row.outsideId !== null);
  if (withId.length === 0) return changed;
  const job = context.import;
  const earlier: { outside_id: string; id: string; identity_hash: string }[] = await tx.query(
    `select o.outside_id, (array_agg(r.id))[1] as id, min(r.identity_hash) as identity_hash
     from occurrence o join record r on r.id = o.record_id
     where o.source_id = $1 and o.outside_id = any($3::text[]) and r.data_set = $4
     group by o.outside_id
     having count(distinct r.id) = 1 and bool_and(o.import_id <> $2) and bool_and(r.state <> 'withdrawn')`,
    [context.source.id, job.id, withId.map((row) => row.row.outsideId), job.dataSet],
  );
  const byOutsideId = new Map(earlier.map((row) => [row.outside_id, row]));
  for (const row of withId) {
    const before = byOutsideId.get(row.row.outsideId!);
    byOutsideId.delete(row.row.outsideId!);
    if (before && before.identity_hash !== row.identityHash && (await replace(tx, job, before.id, row))) {
      changed.set(row, before.id);
    }
  }
  return changed;
}

/** False where another record says these words already: then the row is a duplicate of that one. */
async function replace(tx: EntityManager, job: ImportEntity, recordId: string, row: PreparedRow): Promise<boolean> {
  const [, updated]: [unknown, number] = await tx.query(
    `update record set identity_hash = $3, question_hash = $4, group_id = $5, question_only = $6, flags = $7,
       turn_count = $8, character_count = $9, import_version_id = $10, latest_version_id = $10,
       state = case when state = 'held_back' then state else 'imported' end, updated_at = now()
     where id = $1 and not exists (
       select from record other where other.project_id = $11 and other.data_set = $2 and other.identity_hash = $3)`,
    [
      recordId,
      job.dataSet,
      row.identityHash,
      row.questionHash,
      row.groupId,
      row.row.questionOnly,
      row.flags,
      row.turns.length,
      row.characterCount,
      row.versionId,
      job.projectId,
    ],
  );
  if (updated === 0) return false;
  await insertVersions(tx, job, [{ ...row, recordId }]);
  await endApproval(tx, recordId);
  await enqueue(tx, recordChangedJob, { projectId: job.projectId, recordId });
  return true;
}
