import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { writeAudit } from '@qingnang/audit';
import type { Actor, CreateSource, ListReply, Source, SourceQuery, UpdateSource } from '@qingnang/contracts';
import { isUniqueViolation, keptCount, listPage, type Queryable } from '@qingnang/database';
import { DomainError, notFound, staleRevision, uuidv7 } from '@qingnang/kernel';
import { rewriteSets } from './source-sets.js';
import { SourceEntity } from './source.entity.js';

const COLUMNS = `s.id, s.name, s.origin, s.licence, s.terms, s.allowed_use as "allowedUse", s.deidentified, s.language,
  s.synthetic, s.created_at as "createdAt", s.revision,
  (select coalesce(sum(${keptCount('record.sources', { project: 'w.project_id', scope: 'w.id' })}), 0)::int
   from source_set w where w.project_id = s.project_id and w.source_id = s.id) as records,
  (select count(*)::int from import i where i.project_id = s.project_id and i.source_id = s.id) as imports`;

/** Where texts come from. */
@Injectable()
export class SourceService {
  constructor(private readonly dataSource: DataSource) {}

  list(actor: Actor, query: SourceQuery): Promise<ListReply<Source>> {
    return listPage<Source, Source>(this.dataSource, {
      select: COLUMNS,
      from: 'source s',
      where: ['s.project_id = $1', ...(query.q ? ['position(lower($2) in lower(s.name)) > 0'] : [])],
      params: [actor.projectId, ...(query.q ? [query.q] : [])],
      sortable: {
        createdAt: { sql: 's.created_at', type: 'timestamptz' },
        name: { sql: 's.name', type: 'text' },
      },
      id: { sql: 's.id', type: 'uuid' },
      query,
      map: (row) => row,
    });
  }

  async get(actor: Actor, id: string, db: Queryable = this.dataSource): Promise<Source> {
    const [found] = await db.query<Source[]>(`select ${COLUMNS} from source s where s.project_id = $1 and s.id = $2`, [
      actor.projectId,
      id,
    ]);
    if (!found) throw notFound('source', id);
    return found;
  }

  /** @throws `source.name_taken` (409) */
  async create(actor: Actor, input: CreateSource & { synthetic?: boolean }): Promise<Source> {
    const id = uuidv7();
    return this.dataSource.transaction(async (tx) => {
      await tx
        .insert(SourceEntity, { ...input, id, projectId: actor.projectId, createdBy: actor.personId })
        .catch(nameTaken(input.name));
      await writeAudit(tx, actor, {
        action: 'source.create',
        subjectType: 'source',
        subjectId: id,
        after: { allowedUse: input.allowedUse, licence: input.licence, deidentified: input.deidentified },
      });
      return this.get(actor, id, tx);
    });
  }

  /** Narrowing or widening what it allows reaches every record of the source in the same transaction, however many. */
  async update(actor: Actor, id: string, revision: number, input: UpdateSource): Promise<Source> {
    return this.dataSource.transaction(async (tx) => {
      const before = await tx.findOne(SourceEntity, {
        where: { projectId: actor.projectId, id },
        lock: { mode: 'pessimistic_write' },
      });
      if (!before) throw notFound('source', id);
      if (before.revision !== revision) throw staleRevision('source', before.revision);
      await tx
        .update(SourceEntity, { id }, { ...input, revision: revision + 1 })
        .catch(nameTaken(input.name ?? before.name));
      if (input.allowedUse || input.deidentified !== undefined) await rewriteSets(tx, actor.projectId, id);
      await writeAudit(tx, actor, {
        action: 'source.update',
        subjectType: 'source',
        subjectId: id,
        before: { allowedUse: before.allowedUse, licence: before.licence, deidentified: before.deidentified },
        after: input.allowedUse ? { allowedUse: input.allowedUse } : { fields: Object.keys(input) },
      });
      return this.get(actor, id, tx);
    });
  }
}

function nameTaken(name: string) {
  return (error: unknown): never => {
    if (!isUniqueViolation(error, 'uq_source_name')) throw error;
    throw new DomainError({
      code: 'source.name_taken',
      status: 409,
      field: 'name',
      detail: `A source named “${name}” exists here; choose it, or another name.`,
    });
  };
}
