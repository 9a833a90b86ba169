import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { writeAudit } from '@qingnang/audit';
import type { Actor, ImportJob, KeptRecord, KeptRecordQuery, ListReply } from '@qingnang/contracts';
import { listPage } from '@qingnang/database';
import { DomainError } from '@qingnang/kernel';
import { enqueue, notify } from '@qingnang/queue';
import { importUndoJob } from '../corpus.jobs.js';
import { ImportService } from '../import/import.service.js';

/** Orders to take an import back, and what was kept of it. */
@Injectable()
export class ImportUndoService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly imports: ImportService,
  ) {}

  /**
   * Done by a worker. One that broke off goes on where it stopped.
   * @throws `import.running` (409) before the import has ended; `import.undone` (409) the second time.
   */
  async undo(actor: Actor, id: string): Promise<ImportJob> {
    return this.dataSource.transaction(async (tx) => {
      await tx.query('select from import where project_id = $1 and id = $2 for update', [actor.projectId, id]);
      const before = await this.imports.get(actor, id, tx);
      refuseUndo(before);
      await tx.query(
        `insert into import_undo (import_id, project_id, asked_by) values ($1, $2, $3)
         on conflict (import_id) do update set failure = null, ended_at = null, asked_by = excluded.asked_by`,
        [id, actor.projectId, actor.personId],
      );
      await tx.query(`update import set state = 'undoing' where id = $1`, [id]);
      await enqueue(tx, importUndoJob, { projectId: actor.projectId, importId: id });
      await notify(tx, actor.projectId, 'imports', id);
      await writeAudit(tx, actor, {
        action: 'import.undo',
        subjectType: 'import',
        subjectId: id,
        before: { state: before.state, accepted: before.accepted, replaced: before.replaced },
      });
      return this.imports.get(actor, id, tx);
    });
  }

  /** Records that stayed, each with the reason. */
  async kept(actor: Actor, id: string, query: KeptRecordQuery): Promise<ListReply<KeptRecord>> {
    await this.imports.get(actor, id);
    const params: unknown[] = [id];
    const where = ['k.import_id = $1'];
    if (query.reason) where.push(`k.reason = $${params.push(query.reason)}`);
    return listPage<KeptRecord, KeptRecord>(this.dataSource, {
      select: `k.record_id as id, k.reason, coalesce((select left(t ->> 'text', 120)
        from jsonb_array_elements(v.turns) with ordinality as x (t, i)
        where t ->> 'role' = 'patient' order by i limit 1), '') as question, r.state`,
      from: 'import_undo_kept k join record r on r.id = k.record_id join version v on v.id = r.latest_version_id',
      where,
      params,
      sortable: { id: { sql: 'k.record_id', type: 'uuid' } },
      id: { sql: 'k.record_id', type: 'uuid' },
      query,
      map: (row) => row,
    });
  }
}

function refuseUndo({ state, undo }: ImportJob): void {
  if (state === 'queued' || state === 'running') {
    throw new DomainError({
      code: 'import.running',
      status: 409,
      detail: 'This import is still being read: cancel it first, then undo it.',
    });
  }
  if (state === 'undone' || (state === 'undoing' && !undo?.failure)) {
    throw new DomainError({
      code: 'import.undone',
      status: 409,
      detail: 'This import is being undone or was undone already; what was kept is listed with it.',
    });
  }
}
