import type { EntityManager } from 'typeorm';
import type { ImportEntity } from './import.entity.js';

/** Import versions of records that exist already, in one statement. */
export async function insertVersions(
  tx: EntityManager,
  job: ImportEntity,
  rows: readonly { versionId: string; recordId: string; turns: unknown; textHash: string }[],
): Promise<void> {
  await tx.query(
    `insert into version (id, project_id, record_id, kind, turns, text_hash, made_by_kind, made_by_id)
     select x.id, $2, x.record_id, 'import', x.turns, x.text_hash, 'import', $3
     from jsonb_to_recordset($1::jsonb) as x (id uuid, record_id uuid, turns jsonb, text_hash text)`,
    [
      JSON.stringify(
        rows.map((row) => ({
          id: row.versionId,
          record_id: row.recordId,
          turns: row.turns,
          text_hash: row.textHash,
        })),
      ),
      job.projectId,
      job.id,
    ],
  );
}
