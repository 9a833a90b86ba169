import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { writeAudit } from '@qingnang/audit';
import type { Actor, CreateSource, ListReply, Source, SourceQuery, UpdateSource } from '@qingnang/contracts';
import { isUniqueViolation, listPage, type Queryable } from '@qingnang/database';
import { DomainError, notFound, staleRevision, uuidv7 } from '@qingnang/kernel';
import { SourceEntity } from './source.entity.js';

const COLUMNS = `s.id, s.name, s.origin, s.licence, s.terms, s.allowed_use as "allowedUse", s.deidentified, s.language,
  s.synthetic, s.created_at as "createdAt", s.revision,
  (select count(*)::int from record r where r.project_id = s.project_id and r.source_id = s.id) as records,
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

  /** Narrowing or widening the allowed use reaches every record of the source in the same transaction. */
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
      if (input.allowedUse) await this.recomputeAllowedUse(tx, id);
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

  /** The same rule as at import (`narrowAllowedUse`), over all occurrences of each record the source touches. */
  private async recomputeAllowedUse(tx: EntityManager, sourceId: string): Promise<void> {
    // First, so that the statement below sees what an import of another source is just writing about them.
    await tx.query(
      `with held as (
         select id from record where id in (select record_id from occurrence where source_id = $1) order by id
         for no key update)
       select count(*) from held`,
      [sourceId],
    );
    await tx.query(
      `update record r set allowed_use = u.uses, updated_at = now()
       from (
         select record_id, coalesce(array_agg(use order by place) filter (where allowed), '{}') as uses
         from (
           select o.record_id, use, place,
             case when use = 'evaluate' then bool_or(use = any(s.allowed_use)) else bool_and(use = any(s.allowed_use)) end
               as allowed
           from occurrence o
           join source s on s.id = o.source_id,
             unnest(array['train', 'evaluate', 'reference', 'release']) with ordinality as uses (use, place)
           where o.record_id in (select record_id from occurrence where source_id = $1)
           group by o.record_id, use, place
         ) each_use
         group by record_id
       ) u
       where r.id = u.record_id and r.allowed_use <> u.uses`,
      [sourceId],
    );
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
