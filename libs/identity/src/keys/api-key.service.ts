import { Injectable } from '@nestjs/common';
import { writeAudit } from '@qingnang/audit';
import {
  type Actor,
  type ApiKey,
  type ApiKeyQuery,
  type CreateApiKey,
  type CreatedApiKey,
  isInForce,
  type ListReply,
  type Role,
} from '@qingnang/contracts';
import { listPage } from '@qingnang/database';
import { notFound } from '@qingnang/kernel';
import { notifyAccess } from '@qingnang/queue';
import { DataSource } from 'typeorm';
import { scopeBeyondRole } from '../identity.errors.js';
import { issueApiKey } from './api-key.js';

const columns = `k.id, k.name, k.prefix, k.scopes, k.run_id as "runId", k.created_by as "createdBy",
  h.display_name as "createdByName", k.created_at as "createdAt", k.expires_at as "expiresAt",
  k.last_used_at as "lastUsedAt", k.revoked_at as "revokedAt",
  case when h.state = 'active' then m.roles end as "makerRoles",
  h.state = 'active' and h.installation_admin as "makerAdmin"`;
const from = `api_key k left join person h on h.id = k.created_by
  left join membership m on m.project_id = k.project_id and m.person_id = k.created_by`;
const DAY_MS = 86_400_000;

/** Keys with which programs work in a project. */
@Injectable()
export class ApiKeyService {
  constructor(private readonly dataSource: DataSource) {}

  list(actor: Actor, query: ApiKeyQuery): Promise<ListReply<ApiKey>> {
    return listPage<Row, ApiKey>(this.dataSource, {
      select: columns,
      from,
      where: ['k.project_id = $1'],
      params: [actor.projectId],
      sortable: { createdAt: { sql: 'k.created_at', type: 'timestamptz' }, name: { sql: 'k.name', type: 'text' } },
      id: { sql: 'k.id', type: 'uuid' },
      query,
      map: view,
    });
  }

  /** @throws DomainError 422 `api_key.scope_beyond_role` */
  create(actor: Actor, input: CreateApiKey): Promise<CreatedApiKey> {
    const beyond = input.scopes.filter((scope) => !isInForce(scope, actor));
    if (beyond.length > 0) throw scopeBeyondRole(beyond);
    const days = input.expiresInDays;
    const expiresAt = days === undefined ? null : new Date(Date.now() + days * DAY_MS);
    return this.dataSource.transaction(async (tx) => {
      const { id, key } = await issueApiKey(tx, {
        projectId: actor.projectId,
        name: input.name,
        scopes: input.scopes,
        createdBy: actor.personId,
        expiresAt,
      });
      const after = { scopes: input.scopes, expiresAt };
      await writeAudit(tx, actor, { action: 'api_key.create', subjectType: 'api_key', subjectId: id, after });
      const [row] = await tx.query<Row[]>(`select ${columns} from ${from} where k.id = $1`, [id]);
      return { ...view(row!), key };
    });
  }

  /** Ends a key at once. Once more is harmless. */
  revoke(actor: Actor, id: string): Promise<void> {
    return this.dataSource.transaction(async (tx) => {
      const [found] = await tx.query<{ by: string | null }[]>(
        'select created_by as by from api_key where project_id = $1 and id = $2 for update',
        [actor.projectId, id],
      );
      if (!found) throw notFound('api_key', id);
      await tx.query('update api_key set revoked_at = coalesce(revoked_at, now()) where id = $1', [id]);
      if (found.by !== null) await notifyAccess(tx, found.by);
      await writeAudit(tx, actor, { action: 'api_key.revoke', subjectType: 'api_key', subjectId: id });
    });
  }
}

type Row = Omit<ApiKey, 'dormantScopes'> & { makerRoles: Role[] | null; makerAdmin: boolean | null };

function view({ makerRoles, makerAdmin, ...key }: Row): ApiKey {
  const madeByPlatform = key.createdBy === null && key.runId !== null;
  const maker = { personId: key.createdBy, roles: makerRoles ?? [], installationAdmin: makerAdmin ?? false };
  return { ...key, dormantScopes: madeByPlatform ? [] : key.scopes.filter((scope) => !isInForce(scope, maker)) };
}
