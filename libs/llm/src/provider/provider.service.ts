import type { EntityManager } from 'typeorm';
import type { Actor, CreateProvider, ListReply, ListQuery, ProviderView, UpdateProvider } from '@qingnang/contracts';
import { listPage } from '@qingnang/database';
import { DomainError, notFound, staleRevision, uuidv7 } from '@qingnang/kernel';
import { isInsideAddress } from '../outgoing/judge-address.js';
import { encryptSecret } from './key-cipher.js';
import { ProviderEntity } from './provider.entity.js';

type InProject = Pick<Actor, 'projectId' | 'personId'>;

/** Providers of a project. Writing methods take the caller's transaction, in which the act is also audited. */
export class ProviderService {
  constructor(private readonly encryptionKey: Uint8Array) {}

  list(
    tx: EntityManager,
    actor: InProject,
    query: ListQuery & { state?: string | undefined },
  ): Promise<ListReply<ProviderView>> {
    const params: unknown[] = [actor.projectId];
    const where = ['p.project_id = $1'];
    if (query.state) where.push(`p.state = $${params.push(query.state)}`);
    return listPage<ProviderEntity & { hasKey: boolean }, ProviderView>(tx, {
      select: COLUMNS,
      from: 'provider p',
      where,
      params,
      sortable: {
        createdAt: { sql: 'p.created_at', type: 'timestamptz' },
        name: { sql: 'p.name', type: 'text' },
      },
      id: { sql: 'p.id', type: 'uuid' },
      query,
      map: view,
    });
  }

  async get(tx: EntityManager, actor: InProject, id: string): Promise<ProviderView> {
    const [row] = await tx.query<(ProviderEntity & { hasKey: boolean })[]>(
      `select ${COLUMNS} from provider p where p.project_id = $1 and p.id = $2`,
      [actor.projectId, id],
    );
    if (!row) throw notFound('provider', id);
    return view(row);
  }

  /** @throws DomainError `provider.name_taken` (409), `provider.address_refused` (422) */
  async create(tx: EntityManager, actor: InProject, input: CreateProvider): Promise<ProviderView> {
    const leadsInside = await isInsideAddress(input.baseUrl);
    await this.checkName(tx, actor, input.name, null);
    const { apiKey, ...columns } = input;
    const id = uuidv7();
    await tx.insert(ProviderEntity, {
      ...columns,
      id,
      projectId: actor.projectId,
      kind: 'external',
      outside: true,
      insideAddress: input.insideAddress ?? leadsInside,
      encryptedKey: apiKey === '' ? null : encryptSecret(apiKey, this.encryptionKey, id),
    });
    return this.get(tx, actor, id);
  }

  /**
   * A new address is another server: the key kept for the old one is dropped, and what was declared of it ends.
   * @throws DomainError `revision.stale` (412), `provider.built_in` (409), `provider.name_taken` (409),
   *   `provider.address_refused` (422)
   */
  async update(
    tx: EntityManager,
    actor: InProject,
    id: string,
    revision: number,
    input: UpdateProvider,
  ): Promise<ProviderView> {
    // Names are resolved before the row is locked: who asks the provider meanwhile need not wait for it.
    const leadsInside = input.baseUrl === undefined ? false : await isInsideAddress(input.baseUrl);
    const before = await this.lock(tx, actor, id, revision);
    const ofServers = [input.baseUrl, input.apiKey, input.insideAddress];
    if (before.kind !== 'external' && ofServers.some((field) => field !== undefined)) {
      throw new DomainError({
        code: 'provider.built_in',
        status: 409,
        detail: `${before.name} runs inside the platform: its address and key are not settings.`,
      });
    }
    if (input.name !== undefined) await this.checkName(tx, actor, input.name, id);
    const { apiKey, ...columns } = input;
    const moved = input.baseUrl !== undefined && !isSameAddress(input.baseUrl, before.baseUrl);
    await tx.update(
      ProviderEntity,
      { id },
      {
        ...(moved ? unknownServer(leadsInside) : {}),
        ...columns,
        ...(apiKey ? { encryptedKey: encryptSecret(apiKey, this.encryptionKey, id) } : {}),
        ...(apiKey === '' ? { encryptedKey: null } : {}),
        breakerOpenUntil: null,
        revision: before.revision + 1,
      },
    );
    await tx.query('delete from model_breaker where provider_id = $1', [id]);
    return this.get(tx, actor, id);
  }

  /** An administrator's word that text sent there stays in the house, or its withdrawal. */
  async declareInside(
    tx: EntityManager,
    actor: InProject,
    id: string,
    revision: number,
    inside: boolean,
  ): Promise<ProviderView> {
    const before = await this.lock(tx, actor, id, revision);
    if (before.kind !== 'external') {
      throw new DomainError({
        code: 'provider.built_in',
        status: 409,
        detail: `${before.name} runs inside the platform; there is nothing to declare.`,
      });
    }
    await tx.update(
      ProviderEntity,
      { id },
      {
        outside: !inside,
        declaredInsideBy: inside ? actor.personId : null,
        declaredInsideAt: inside ? new Date() : null,
        revision: before.revision + 1,
      },
    );
    return this.get(tx, actor, id);
  }

  private async lock(tx: EntityManager, actor: InProject, id: string, revision: number): Promise<ProviderEntity> {
    const row = await tx.findOne(ProviderEntity, {
      where: { id, projectId: actor.projectId },
      lock: { mode: 'pessimistic_write' },
    });
    if (!row) throw notFound('provider', id);
    if (row.revision !== revision) throw staleRevision('provider', row.revision);
    return row;
  }

  private async checkName(tx: EntityManager, actor: InProject, name: string, except: string | null): Promise<void> {
    const taken = await tx.query<unknown[]>(
      'select 1 from provider where project_id = $1 and name = $2 and id is distinct from $3::uuid',
      [actor.projectId, name, except],
    );
    if (taken.length === 0) return;
    throw new DomainError({
      code: 'provider.name_taken',
      status: 409,
      field: 'name',
      detail: `There is a provider called ${name} already: choose another name.`,
    });
  }
}

/** Nothing that was entrusted to one address, a key or the word that text stays there, holds for another. */
function unknownServer(insideAddress: boolean) {
  return { encryptedKey: null, outside: true, declaredInsideBy: null, declaredInsideAt: null, insideAddress };
}

/** `https://Host:443/v1/` is `https://host/v1`. */
function isSameAddress(a: string, b: string): boolean {
  const [one, other] = [a, b].map((address) => new URL(address).href.replace(/\/+$/, ''));
  return one === other;
}

/** A moment as the API writes it. */
const isoSql = (at: string): string => `to_char(${at} at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

const COLUMNS = `p.id, p.name, p.kind, p.base_url as "baseUrl", p.encrypted_key is not null as "hasKey", p.models,
  p.currency, p.outside, p.inside_address as "insideAddress", p.declared_inside_at as "declaredInsideAt", p.honours_idempotency as "honoursIdempotency",
  p.max_concurrency as "maxConcurrency", p.requests_per_minute as "requestsPerMinute",
  (select json_build_object('reason', b.reason, 'model', b.model, 'until', ${isoSql('b.open_until')})
    from model_breaker b where b.provider_id = p.id and b.open_until > now() order by b.open_until desc limit 1) as waits,
  p.breaker_open_until as "breakerOpenUntil", p.model_id as "modelId", p.state, p.revision, p.created_at as "createdAt"`;

/** A server of this platform that nobody has started sleeps until somebody needs it: no time says when. */
const SLEEPS_FOR_MS = 365 * 24 * 3600 * 1000;

function sleepOf({ breakerOpenUntil: until }: ProviderEntity): ProviderView['waits'] {
  if (!until || until <= new Date()) return null;
  if (until.getTime() - Date.now() > SLEEPS_FOR_MS) return { reason: 'asleep', model: null, until: null };
  return { reason: 'failing', model: null, until: until.toISOString() };
}

function view(row: ProviderEntity & { hasKey: boolean; waits?: ProviderView['waits'] }): ProviderView {
  return {
    id: row.id,
    name: row.name,
    kind: row.kind,
    baseUrl: row.baseUrl,
    hasKey: row.hasKey,
    models: row.models,
    currency: row.currency,
    outside: row.outside,
    insideAddress: row.insideAddress,
    declaredInsideAt: row.declaredInsideAt?.toISOString() ?? null,
    honoursIdempotency: row.honoursIdempotency,
    maxConcurrency: row.maxConcurrency,
    requestsPerMinute: row.requestsPerMinute,
    waits: row.waits ?? sleepOf(row),
    modelId: row.modelId,
    state: row.state,
    revision: row.revision,
    createdAt: row.createdAt.toISOString(),
  };
}
