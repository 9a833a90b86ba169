import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { writeAudit } from '@qingnang/audit';
import type {
  Actor,
  CreateImport,
  ImportJob,
  ImportQuery,
  ImportRow,
  ImportRowQuery,
  ListReply,
} from '@qingnang/contracts';
import { listPage, type Queryable } from '@qingnang/database';
import { DomainError, notFound, uuidv7 } from '@qingnang/kernel';
import { enqueue, notify } from '@qingnang/queue';
import { importRunJob } from '../corpus.jobs.js';
import { checkPlan } from '../readers/read.js';
import { ImportEntity } from './import.entity.js';

const COLUMNS = `i.id, i.state, i.data_set as "dataSet", i.plan, json_build_object('id', s.id, 'name', s.name) as source,
  u.file_name as "fileName", u.bytes::float8 as bytes, u.sha256, i.read_count as read, i.accepted_count as accepted,
  i.duplicate_count as duplicate, i.rejected_count as rejected, i.reasons, i.notes, i.failure,
  i.failure_said as "failureSaid", i.created_at as "createdAt",
  i.started_at as "startedAt", i.ended_at as "endedAt"`;
const FROM = 'import i join source s on s.id = i.source_id join upload u on u.id = i.upload_id';

/** Orders to read a file into a data set, and what became of its rows. */
@Injectable()
export class ImportService {
  constructor(private readonly dataSource: DataSource) {}

  list(actor: Actor, query: ImportQuery): Promise<ListReply<ImportJob>> {
    const params: unknown[] = [actor.projectId];
    const where = ['i.project_id = $1'];
    if (query.sourceId) where.push(`i.source_id = $${params.push(query.sourceId)}`);
    if (query.state) where.push(`i.state = $${params.push(query.state)}`);
    return listPage<ImportJob, ImportJob>(this.dataSource, {
      select: COLUMNS,
      from: FROM,
      where,
      params,
      sortable: { createdAt: { sql: 'i.created_at', type: 'timestamptz' } },
      id: { sql: 'i.id', type: 'uuid' },
      query,
      map: (row) => row,
    });
  }

  async get(actor: Actor, id: string, db: Queryable = this.dataSource): Promise<ImportJob> {
    const [found] = await db.query<ImportJob[]>(
      `select ${COLUMNS} from ${FROM} where i.project_id = $1 and i.id = $2`,
      [actor.projectId, id],
    );
    if (!found) throw notFound('import', id);
    return found;
  }

  /** @throws 404 for an unknown upload or source; 422 `import.mapping_incomplete` where no column holds the question. */
  async create(actor: Actor, input: CreateImport): Promise<ImportJob> {
    checkPlan(input.plan);
    const id = uuidv7();
    return this.dataSource.transaction(async (tx) => {
      await this.mustExist(tx, actor, 'upload', input.uploadId);
      await this.mustExist(tx, actor, 'source', input.sourceId);
      await tx.insert(ImportEntity, {
        id,
        projectId: actor.projectId,
        sourceId: input.sourceId,
        uploadId: input.uploadId,
        dataSet: input.dataSet,
        plan: input.plan,
        createdBy: actor.personId,
      });
      await enqueue(tx, importRunJob, { projectId: actor.projectId, importId: id });
      await writeAudit(tx, actor, {
        action: 'import.create',
        subjectType: 'import',
        subjectId: id,
        after: { uploadId: input.uploadId, sourceId: input.sourceId, dataSet: input.dataSet },
      });
      return this.get(actor, id, tx);
    });
  }

  /** Rows stored so far stay; the same file can be imported again and adds the rest. */
  async cancel(actor: Actor, id: string): Promise<ImportJob> {
    return this.dataSource.transaction(async (tx) => {
      const before = await this.get(actor, id, tx);
      const [, changed]: [unknown, number] = await tx.query(
        `update import set state = 'cancelled', ended_at = now()
         where project_id = $1 and id = $2 and state in ('queued', 'running')`,
        [actor.projectId, id],
      );
      if (changed === 0) {
        throw new DomainError({
          code: 'import.ended',
          status: 409,
          detail: `This import is ${before.state}; there is nothing to cancel.`,
        });
      }
      await notify(tx, actor.projectId, 'imports', id);
      await writeAudit(tx, actor, {
        action: 'import.cancel',
        subjectType: 'import',
        subjectId: id,
        before: { state: before.state, read: before.read },
      });
      return this.get(actor, id, tx);
    });
  }

  /** Rows that added nothing: the rejected with their reasons, or the duplicates with the records they repeat. */
  async rows(actor: Actor, id: string, query: ImportRowQuery): Promise<ListReply<ImportRow>> {
    await this.mustExist(this.dataSource.manager, actor, 'import', id);
    const params: unknown[] = [id];
    const where = ['x.import_id = $1'];
    if (query.outcome === 'duplicate') where.push(`x.outcome = 'duplicate'`);
    else if (query.reason) where.push(`x.reason = $${params.push(query.reason)}`);
    return listPage<ImportRow, ImportRow>(this.dataSource, {
      ...rowSource(query.outcome),
      where,
      params,
      sortable: { rowNumber: { sql: 'x.row_number', type: 'integer' } },
      id: { sql: 'x.id', type: 'uuid' },
      query,
      map: (row) => row,
    });
  }

  private async mustExist(
    tx: EntityManager,
    actor: Actor,
    table: 'upload' | 'source' | 'import',
    id: string,
  ): Promise<void> {
    const found: unknown[] = await tx.query(`select from ${table} where project_id = $1 and id = $2`, [
      actor.projectId,
      id,
    ]);
    if (found.length === 0) throw notFound(table, id);
  }
}

/** Columns and table of one kind of row, in the shape of `ImportRow`. */
export function rowSource(outcome: 'rejected' | 'duplicate'): { select: string; from: string } {
  if (outcome === 'rejected') {
    return {
      select: `x.id, 'rejected' as outcome, x.row_number as "rowNumber", x.line, x.reason, x.field, x.detail, x.said, x.raw,
        null::uuid as "recordId", null as "outsideId"`,
      from: 'rejected_row x',
    };
  }
  return {
    select: `x.id, 'duplicate' as outcome, x.row_number as "rowNumber", x.line, null as reason, null as field,
      '' as detail, null::jsonb as said, null as raw, x.record_id as "recordId", x.outside_id as "outsideId"`,
    from: 'occurrence x',
  };
}
