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
  ListedOutcome,
  ListReply,
} from '@qingnang/contracts';
import { listPage, type Queryable } from '@qingnang/database';
import { DomainError, notFound, uuidv7 } from '@qingnang/kernel';
import { enqueue, notify } from '@qingnang/queue';
import { importRunJob } from '../corpus.jobs.js';
import { checkPlan } from '../readers/read.js';
import { ImportEntity, ImportFileEntity } from './import.entity.js';

const COLUMNS = `i.id, i.state, i.data_set as "dataSet", i.plan, json_build_object('id', s.id, 'name', s.name) as source,
  (select json_agg(json_build_object('role', f.role, 'fileName', u.file_name, 'bytes', u.bytes, 'sha256', u.sha256)
     order by f.n) from import_file f join upload u on u.id = f.upload_id where f.import_id = i.id) as files,
  i.read_count as read, i.accepted_count as accepted,
  i.replaced_count as replaced, i.ended_approvals as "endedApprovals", i.known_ids as "knownIds",
  (select json_build_object('askedBy', p.display_name, 'done', n.done, 'withdrawn', n.withdrawn, 'kept', n.kept,
     'total', i.accepted_count + i.replaced_count + i.duplicate_count, 'failure', n.failure,
     'createdAt', n.created_at, 'endedAt', n.ended_at)
   from import_undo n left join person p on p.id = n.asked_by where n.import_id = i.id) as undo,
  i.duplicate_count as duplicate, i.rejected_count as rejected, i.reasons, i.notes, i.failure,
  i.failure_said as "failureSaid", i.created_at as "createdAt",
  i.started_at as "startedAt", i.ended_at as "endedAt"`;
const FROM = 'import i join source s on s.id = i.source_id';

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
        dataSet: input.dataSet,
        plan: input.plan,
        knownIds: input.knownIds,
        createdBy: actor.personId,
      });
      await tx.insert(ImportFileEntity, {
        importId: id,
        projectId: actor.projectId,
        n: 0,
        role: 'rows',
        uploadId: input.uploadId,
      });
      await enqueue(tx, importRunJob, { projectId: actor.projectId, importId: id });
      await writeAudit(tx, actor, {
        action: 'import.create',
        subjectType: 'import',
        subjectId: id,
        after: {
          uploadId: input.uploadId,
          sourceId: input.sourceId,
          dataSet: input.dataSet,
          knownIds: input.knownIds,
        },
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

  /** The rejected rows with their reasons, or the duplicates and those that replaced, with their records. */
  async rows(actor: Actor, id: string, query: ImportRowQuery): Promise<ListReply<ImportRow>> {
    await this.mustExist(this.dataSource.manager, actor, 'import', id);
    const params: unknown[] = [id];
    const where = ['x.import_id = $1'];
    if (query.outcome !== 'rejected') {
      where.push(`x.outcome = $${params.push(query.outcome)}`);
      if (query.endedApproval) where.push('x.ended_approval_id is not null');
    } else if (query.reason) where.push(`x.reason = $${params.push(query.reason)}`);
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
export function rowSource(outcome: ListedOutcome): { select: string; from: string } {
  if (outcome === 'rejected') {
    return {
      select: `x.id, 'rejected' as outcome, x.row_number as "rowNumber", x.line, x.reason, x.field, x.detail, x.said, x.raw,
        null::uuid as "recordId", null as "outsideId", false as "endedApproval"`,
      from: 'rejected_row x',
    };
  }
  return {
    select: `x.id, x.outcome, x.row_number as "rowNumber", x.line, null as reason, null as field,
      '' as detail, null::jsonb as said, null as raw, x.record_id as "recordId", x.outside_id as "outsideId",
      x.ended_approval_id is not null as "endedApproval"`,
    from: 'occurrence x',
  };
}
