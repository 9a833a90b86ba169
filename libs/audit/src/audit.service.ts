import { Injectable } from '@nestjs/common';
import type { Actor, AuditFacets, AuditEntry, AuditEntryQuery, ListReply } from '@qingnang/contracts';
import { listPage } from '@qingnang/database';
import { DataSource } from 'typeorm';

@Injectable()
export class AuditService {
  constructor(private readonly dataSource: DataSource) {}

  /** What was done in the project, newest first. */
  list(actor: Actor, query: AuditEntryQuery): Promise<ListReply<AuditEntry>> {
    const params: unknown[] = [actor.projectId];
    const where = ['a.project_id = $1'];
    const add = (condition: (place: string) => string, value: unknown): void => {
      if (value !== undefined) where.push(condition(`$${params.push(value)}`));
    };
    add((place) => `a.action = ${place}`, query.action);
    add((place) => `a.actor_id = ${place}`, query.actorId);
    add((place) => `a.subject_type = ${place}`, query.subjectType);
    add((place) => `a.subject_id = ${place}`, query.subjectId);
    add((place) => `a.at >= ${place}`, query.from);
    add((place) => `a.at < ${place}`, query.to);
    return listPage<AuditEntry, AuditEntry>(this.dataSource, {
      select: `a.id, a.at, a.actor_kind as "actorKind", a.actor_id as "actorId",
        coalesce(p.display_name, k.name) as "actorName", a.action, a.subject_type as "subjectType",
        a.subject_id as "subjectId", a.before, a.after, a.request_id as "requestId"`,
      from: `audit_entry a
        left join person p on a.actor_kind = 'person' and p.id::text = a.actor_id
        left join api_key k on a.actor_kind = 'api_key' and k.id::text = a.actor_id`,
      where,
      params,
      sortable: { at: { sql: 'a.at', type: 'timestamptz' } },
      id: { sql: 'a.id', type: 'uuid' },
      query,
      map: ({ id, at, actorKind, actorId, actorName, action, subjectType, subjectId, before, after, requestId }) => ({
        ...{ id, at, actorKind, actorId, actorName },
        ...{ action, subjectType, subjectId, before, after, requestId },
      }),
    });
  }

  /** What was done in the project and who did it, each once: from value to value of the index, not row by row. */
  async facets(actor: Actor): Promise<AuditFacets> {
    const [actions, actors] = await Promise.all([
      this.dataSource.query<{ value: string }[]>(distinctSql('action'), [actor.projectId]),
      this.dataSource.query<AuditFacets['actors']>(
        `select a.actor_kind as "actorKind", d.value as "actorId", coalesce(p.display_name, k.name) as "actorName"
         from (${distinctSql('actor_id')}) d
         cross join lateral (select actor_kind from audit_entry
           where project_id = $1 and actor_id = d.value order by at desc, id desc limit 1) a
         left join person p on a.actor_kind = 'person' and p.id::text = d.value
         left join api_key k on a.actor_kind = 'api_key' and k.id::text = d.value
         order by "actorName" nulls last, d.value`,
        [actor.projectId],
      ),
    ]);
    return { actions: actions.map(({ value }) => value), actors };
  }
}

/** The values of a column in one project: each step looks for the least one above the last, so that rows don't matter. */
function distinctSql(column: 'action' | 'actor_id'): string {
  return `with recursive step (value) as (
      (select ${column} from audit_entry where project_id = $1 order by ${column} limit 1)
      union all
      select (select ${column} from audit_entry where project_id = $1 and ${column} > step.value order by ${column} limit 1)
      from step where step.value is not null
    ) select value from step where value is not null`;
}
