import { Injectable } from '@nestjs/common';
import type { Queryable } from '@qingnang/database';
import { canonicalJson, DomainError, sha256 } from '@qingnang/kernel';
import { DataSource } from 'typeorm';
import type { ApiRequest } from '../request.js';

export interface KeyedRequest {
  actorId: string;
  projectId: string | null;
  route: string;
  key: string;
  bodyHash: string;
}

export interface Done {
  status: number;
  resourceId: string | null;
}

interface Row {
  bodyHash: string;
  status: number | null;
  resourceId: string | null;
  /** Seconds. */
  age: number;
}

/** A first request that has committed but not answered for this long has died in between. */
const ANSWER_SECONDS = 30;
/** One that has not even committed for this long has died too. */
const WORK_SECONDS = 600;
const primary = 'actor_id = $1 and route = $2 and key = $3';

/** Requests by their `Idempotency-Key`, kept 24 hours or as the act asks, per actor and address. Only status and id are kept, no bodies. */
@Injectable()
export class IdempotencyKeys {
  constructor(private readonly dataSource: DataSource) {}

  /** The key of a request, null where none was sent or nobody is signed in. */
  read(request: ApiRequest): KeyedRequest | null {
    const key = request.header('idempotency-key');
    const actorId = request.actor?.id ?? request.principal?.personId;
    if (key === undefined || actorId === undefined) return null;
    if (!/^[\x21-\x7e]{1,200}$/.test(key)) {
      const detail = 'An Idempotency-Key is 1 to 200 visible ASCII characters, e.g. a UUID.';
      throw new DomainError({ code: 'idempotency.bad_key', status: 422, field: 'Idempotency-Key', detail });
    }
    // A body that is streamed cannot be hashed beforehand; its length and kind must do.
    const streamed = [request.header('content-length') ?? '', request.header('content-type') ?? ''];
    const body: unknown = request.is('json') ? request.body : streamed;
    const bodyHash = sha256(canonicalJson({ body: body ?? null, query: request.query }));
    return { actorId, projectId: request.actor?.projectId ?? null, route: `POST ${request.path}`, key, bodyHash };
  }

  /**
   * Takes the key for this request; answers what was done where it has been used up.
   * @throws DomainError 422 for another body under the same key, 409 while the first request is at work.
   */
  async begin(request: KeyedRequest): Promise<Done | null> {
    if (await this.insert(request)) return null;
    const [row] = await this.dataSource.query<Row[]>(
      `select body_hash as "bodyHash", status, resource_id as "resourceId",
         extract(epoch from now() - created_at)::float8 as age from idempotency_key where ${primary}`,
      this.place(request),
    );
    if (!row) return this.begin(request);
    this.sameBody(row, request);
    if (row.status !== null) return { status: row.status, resourceId: row.resourceId };
    if (row.resourceId !== null && row.age > ANSWER_SECONDS) return { status: 200, resourceId: row.resourceId };
    if (row.resourceId === null && row.age > WORK_SECONDS) {
      await this.giveUp(request);
      return this.begin(request);
    }
    throw new DomainError({
      code: 'idempotency.in_progress',
      status: 409,
      detail: 'The first request with this Idempotency-Key is still at work: ask again in a moment.',
      details: { retryAfter: 1 },
      retryable: true,
    });
  }

  /** For acts that may be repeated: only that the key is not used for something else. */
  async check(request: KeyedRequest): Promise<void> {
    if (await this.insert(request)) return;
    const [row] = await this.dataSource.query<Row[]>(
      `select body_hash as "bodyHash" from idempotency_key where ${primary}`,
      this.place(request),
    );
    if (row) this.sameBody(row, request);
  }

  /** Holds the key until the transaction ends. @returns what an earlier request with it made */
  async made(tx: Queryable, request: KeyedRequest): Promise<string | null> {
    const [row] = await tx.query<{ id: string | null }[]>(
      `select resource_id as id from idempotency_key where ${primary} for update`,
      this.place(request),
    );
    return row?.id ?? null;
  }

  /** Notes what was made by an act that may be repeated, and keeps the key until then at least. */
  async keep(tx: Queryable, request: KeyedRequest, resourceId: string, until: Date): Promise<void> {
    await tx.query(
      `update idempotency_key set resource_id = $4, expires_at = greatest(expires_at, $5) where ${primary}`,
      [...this.place(request), resourceId, until],
    );
  }

  async markDone(tx: Queryable, request: KeyedRequest, resourceId: string): Promise<void> {
    await tx.query(`update idempotency_key set resource_id = $4 where ${primary} and resource_id is null`, [
      ...this.place(request),
      resourceId,
    ]);
  }

  async finish(request: KeyedRequest, status: number, resourceId: unknown): Promise<void> {
    await this.dataSource.query(
      `update idempotency_key set status = $4, resource_id = coalesce($5, resource_id) where ${primary}`,
      [...this.place(request), status, typeof resourceId === 'string' ? resourceId : null],
    );
  }

  /** The act failed: the same request may be tried again, unless part of it was committed. */
  async giveUp(request: KeyedRequest): Promise<void> {
    await this.dataSource.query(
      `delete from idempotency_key where ${primary} and status is null and resource_id is null`,
      this.place(request),
    );
  }

  private async insert(request: KeyedRequest): Promise<boolean> {
    await this.dataSource.query(
      `delete from idempotency_key where ctid = any (array(
         select ctid from idempotency_key where expires_at < now() limit 50))`,
    );
    const made = await this.dataSource.query<unknown[]>(
      `insert into idempotency_key (actor_id, route, key, project_id, body_hash)
       values ($1, $2, $3, $4, $5) on conflict do nothing returning key`,
      [...this.place(request), request.projectId, request.bodyHash],
    );
    return made.length > 0;
  }

  private sameBody(row: Pick<Row, 'bodyHash'>, request: KeyedRequest): void {
    if (row.bodyHash === request.bodyHash) return;
    throw new DomainError({
      code: 'idempotency.other_body',
      status: 422,
      field: 'Idempotency-Key',
      detail: 'This Idempotency-Key was used for another request: make a new key.',
    });
  }

  private place(request: KeyedRequest): string[] {
    return [request.actorId, request.route, request.key];
  }
}
