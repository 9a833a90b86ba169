import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { writeAudit } from '@qingnang/audit';
import { enqueue, type JobAttempt, notify } from '@qingnang/queue';
import { importUndoJob } from '../corpus.jobs.js';
import { refreshSourceSets } from '../sources/source-sets.js';
import { ImportUndoEntity } from './import-undo.entity.js';
import { CORPUS_RULES, type KeepRule } from './keep-reasons.js';

/** Rows a transaction, as when they were read. */
const BATCH_ROWS = 500;

const GAVE_UP =
  'Undoing broke off several times on an internal error, which the log of the worker names; what was taken back so far stays so. Undo the import again once it is mended.';

/**
 * Takes an import back, batch by batch; killed anywhere, it goes on after the last committed batch. Records that only it
 * brought and nobody worked on are withdrawn; the rest stays, written down with the reason.
 */
@Injectable()
export class ImportUndoer {
  constructor(private readonly dataSource: DataSource) {}

  /** `worked` are the rules of the libraries above, by which they know that somebody worked on a record. */
  async run(
    { projectId, importId }: { projectId: string; importId: string },
    worked: readonly KeepRule[],
    attempt: JobAttempt,
  ): Promise<void> {
    for (;;) {
      const more = await this.dataSource.transaction(async (tx) => {
        await attempt.hold(tx);
        return this.batch(tx, projectId, importId, worked);
      });
      if (!more) return;
      if (!attempt.signal.aborted) continue;
      await enqueue(this.dataSource.manager, importUndoJob, { projectId, importId });
      return;
    }
  }

  /** For an error that tries did not mend: the person may order it again. */
  async giveUp(projectId: string, importId: string, attempt: JobAttempt): Promise<void> {
    await this.dataSource.transaction(async (tx) => {
      await attempt.hold(tx);
      await tx.query(
        'update import_undo set failure = $2, ended_at = now() where import_id = $1 and ended_at is null',
        [importId, GAVE_UP],
      );
      await notify(tx, projectId, 'imports', importId);
    });
  }

  /** False when there is nothing left to do. */
  private async batch(
    tx: EntityManager,
    projectId: string,
    importId: string,
    worked: readonly KeepRule[],
  ): Promise<boolean> {
    // Two orders to undo it count the same rows once.
    const undo = await tx.findOne(ImportUndoEntity, {
      where: { projectId, importId },
      lock: { mode: 'pessimistic_write' },
    });
    if (!undo || undo.endedAt) return false;
    const rows: { row_number: number; record_id: string }[] = await tx.query(
      `select row_number, record_id from occurrence where import_id = $1 and row_number > $2
       order by row_number limit ${BATCH_ROWS}`,
      [importId, undo.afterRow],
    );
    const last = rows.at(-1);
    if (!last) {
      await this.finish(tx, undo);
      return false;
    }
    const counts = await sortOut(tx, { projectId, importId }, [...new Set(rows.map((row) => row.record_id))], worked);
    await tx.query(
      `update import_undo set done = done + $2, after_row = $3, withdrawn = withdrawn + $4, kept = kept + $5
       where import_id = $1`,
      [importId, rows.length, last.row_number, counts.withdrawn, counts.kept],
    );
    await notify(tx, projectId, 'imports', importId);
    return true;
  }

  private async finish(tx: EntityManager, undo: ImportUndoEntity): Promise<void> {
    const { projectId, importId } = undo;
    await tx.query(`update import_undo set ended_at = now() where import_id = $1`, [importId]);
    await tx.query(`update import set state = 'undone' where id = $1`, [importId]);
    await writeAudit(
      tx,
      { kind: 'system', id: 'import.undo', projectId, requestId: null },
      {
        action: 'import.undone',
        subjectType: 'import',
        subjectId: importId,
        after: { withdrawn: undo.withdrawn, kept: undo.kept },
      },
    );
    await notify(tx, projectId, 'imports', importId);
    await notify(tx, projectId, 'records', importId);
  }
}

async function sortOut(
  tx: EntityManager,
  { projectId, importId }: { projectId: string; importId: string },
  recordIds: readonly string[],
  worked: readonly KeepRule[],
): Promise<{ withdrawn: number; kept: number }> {
  // Held first, in the order in which imports hold them, and judged after: what others were just doing with them, or saying
  // again, is seen then.
  await tx.query('select from record where id = any($1::uuid[]) order by identity_hash for update', [recordIds]);
  const rules = [...CORPUS_RULES, ...worked];
  const reason = rules.map((rule) => `when ${rule.sql} then '${rule.reason}'`).join(' ');
  const records: { id: string; project_id: string; reason: string | null }[] = await tx.query(
    `select r.id, r.project_id, case ${reason} end as reason
     from record r where r.id = any($2::uuid[]) and r.state <> 'withdrawn' order by r.id`,
    [importId, recordIds],
  );
  const kept = records.filter((record) => record.reason !== null);
  const gone = records.filter((record) => record.reason === null).map((record) => record.id);
  await tx.query(
    `update record set state = 'withdrawn', undone_import_id = $2, updated_at = now() where id = any($1::uuid[])`,
    [gone, importId],
  );
  // A file may name a record twice, in two batches.
  const fresh: unknown[] = await tx.query(
    `insert into import_undo_kept (import_id, project_id, record_id, reason)
     select $1, x.project_id, x.id, x.reason
     from jsonb_to_recordset($2::jsonb) as x (id uuid, project_id uuid, reason text)
     on conflict (import_id, record_id) do nothing returning record_id`,
    [importId, JSON.stringify(kept)],
  );
  await forgetSayings(
    tx,
    projectId,
    kept.map((record) => record.id),
  );
  return { withdrawn: gone.length, kept: fresh.length };
}

/** What an import taken back said bars no more, and names no source, where others say the same. */
async function forgetSayings(tx: EntityManager, projectId: string, recordIds: readonly string[]): Promise<void> {
  if (recordIds.length === 0) return;
  const others: { record_id: string; source_id: string }[] = await tx.query(
    `select distinct on (o.record_id) o.record_id, o.source_id
     from occurrence o join import i on i.id = o.import_id join record r on r.id = o.record_id
       join source_set w on w.id = r.source_set_id
     where o.record_id = any($1::uuid[]) and i.state not in ('undoing', 'undone') and not exists (
       select from occurrence same join import j on j.id = same.import_id
       where same.record_id = r.id and same.source_id = w.source_id and j.state not in ('undoing', 'undone'))
     order by o.record_id, o.id`,
    [recordIds],
  );
  const listedUnder = new Map(others.map((other) => [other.record_id, other.source_id]));
  await refreshSourceSets(tx, projectId, recordIds, listedUnder);
}
