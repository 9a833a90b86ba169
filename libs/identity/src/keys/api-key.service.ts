import { Injectable } from '@nestjs/common';
import { writeAudit } from '@qingnang/audit';
import type { Actor, ApiKey, ApiKeyQuery, CreateApiKey, CreatedApiKey, ListReply } from '@qingnang/contracts';
import { listPage } from '@qingnang/database';
import { notFound } from '@qingnang/kernel';
import { DataSource } from 'typeorm';
import { issueApiKey } from './api-key.js';

const columns = `k.id, k.name, k.prefix, k.scopes, k.run_id as "runId", k.created_by as "createdBy",
  k.created_at as "createdAt", k.expires_at as "expiresAt", k.last_used_at as "lastUsedAt", k.revoked_at as "revokedAt"`;
const DAY_MS = 86_400_000;

/** Keys with which programs work in a project. */
@Injectable()
export class ApiKeyService {
  constructor(private readonly dataSource: DataSource) {}

  list(actor: Actor, query: ApiKeyQuery): Promise<ListReply<ApiKey>> {
    return listPage<ApiKey, ApiKey>(this.dataSource, {
      select: columns,
      from: 'api_key k',
      where: ['k.project_id = $1'],
      params: [actor.projectId],
      sortable: { createdAt: { sql: 'k.created_at', type: 'timestamptz' }, name: { sql: 'k.name', type: 'text' } },
      id: { sql: 'k.id', type: 'uuid' },
      query,
      map: (row) => row,
    });
  }

  create(actor: Actor, input: CreateApiKey): Promise<CreatedApiKey> {
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
      const [row] = await tx.query<ApiKey[]>(`select ${columns} from api_key k where k.id = $1`, [id]);
      return { ...row!, key };
    });
  }

  /** Ends a key at once. Once more is harmless. */
  revoke(actor: Actor, id: string): Promise<void> {
    return this.dataSource.transaction(async (tx) => {
      const found = await tx.query<unknown[]>('select 1 from api_key where project_id = $1 and id = $2 for update', [
        actor.projectId,
        id,
      ]);
      if (found.length === 0) throw notFound('api_key', id);
      await tx.query('update api_key set revoked_at = coalesce(revoked_at, now()) where id = $1', [id]);
      await writeAudit(tx, actor, { action: 'api_key.revoke', subjectType: 'api_key', subjectId: id });
    });
  }
}
