import { createHash } from 'node:crypto';
import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Injectable } from '@nestjs/common';
import { quickQuery, type Queryable } from '@qingnang/database';
import { canonicalJson, DomainError, sha256, uuidv7 } from '@qingnang/kernel';
import { DataSource } from 'typeorm';
import type { ApiRequest } from '../request.js';

export interface KeyedRequest {
  actorId: string;
  projectId: string | null;
  route: string;
  key: string;
  bodyHash: string;
  /** Of this one request; tells it from repetitions of it. */
  holder: string;
  /** A body that is no JSON, not read yet. */
  stream: ApiRequest | null;
}

export interface Done {
  status: number;
  resourceId: string | null;
}

interface Row {
  bodyHash: string;
  contentHash: string | null;
  status: number | null;
  resourceId: string | null;
  holder: string | null;
  /** Whether whoever holds the key has been heard of lately. */
  held: boolean;
}

/** A request that has not been heard of for this long has died; it renews three times as often. */
const LEASE_SECONDS = 10;
export const RENEW_MS = (LEASE_SECONDS * 1000) / 3;
const TIDY_MS = 1_000;
const primary = 'actor_id = $1 and route = $2 and key = $3';
const lease = `now() + make_interval(secs => ${LEASE_SECONDS})`;

/** Requests by their `Idempotency-Key`, kept 24 hours or as the act asks, per actor and address. Only status, ids and hashes are kept, no bodies. */
@Injectable()
export class IdempotencyKeys {
  private tidiedAt = 0;

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
    // A body that is streamed cannot be hashed beforehand; what it holds is compared once the first is stored.
    const streamed = [request.header('content-length') ?? '', request.header('content-type') ?? ''];
    const isJson = Boolean(request.is('json'));
    const body: unknown = isJson ? request.body : streamed;
    return {
      actorId,
      projectId: request.actor?.projectId ?? null,
      route: `POST ${request.path}`,
      key,
      bodyHash: sha256(canonicalJson({ body: body ?? null, query: request.query })),
      holder: uuidv7(),
      stream: isJson ? null : request,
    };
  }

  /**
   * Takes the key for this request; answers what was done where it has been used up. A request that died while it held
   * the key is succeeded once its lease has run out.
   * @throws DomainError 422 for another body under the same key, 409 while the first request is at work.
   */
  async begin(request: KeyedRequest): Promise<Done | null> {
    if (await this.insert(request)) return null;
    const [row] = await this.dataSource.query<Row[]>(
      `select body_hash as "bodyHash", content_hash as "contentHash", status, resource_id as "resourceId", holder,
         coalesce(lease_until > now(), false) as held from idempotency_key where ${primary}`,
      this.place(request),
    );
    if (!row) return this.begin(request);
    if (row.bodyHash !== request.bodyHash) throw otherBody();
    const done = row.status !== null || row.resourceId !== null;
    if (row.status === null && row.held) throw stillAtWork();
    if (!done) return (await this.succeed(request, row.holder)) ? null : this.begin(request);
    if (request.stream && row.contentHash && (await hashOf(request.stream)) !== row.contentHash) throw otherBody();
    return { status: row.status ?? 200, resourceId: row.resourceId };
  }

  /** For acts that may be repeated: only that the key is not used for something else. */
  async check(request: KeyedRequest): Promise<void> {
    if (await this.insert(request)) return;
    const [row] = await this.dataSource.query<Pick<Row, 'bodyHash'>[]>(
      `select body_hash as "bodyHash" from idempotency_key where ${primary}`,
      this.place(request),
    );
    if (row && row.bodyHash !== request.bodyHash) throw otherBody();
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
  async keep(tx: Queryable, request: KeyedRequest, resourceId: string, until?: Date): Promise<void> {
    await tx.query(
      `update idempotency_key set resource_id = $4, expires_at = greatest(expires_at, $5::timestamptz) where ${primary}`,
      [...this.place(request), resourceId, until ?? null],
    );
  }

  /** While the request works. A miss is no harm: the next one is soon, and what is done is fenced. */
  async renew(request: KeyedRequest): Promise<void> {
    await this.dataSource
      .query(`update idempotency_key set lease_until = ${lease} where ${primary} and holder = $4 and status is null`, [
        ...this.place(request),
        request.holder,
      ])
      .catch(() => undefined);
  }

  /** In the act's own transaction. @throws DomainError 409 where a repetition has taken over meanwhile: then nothing is done */
  async markDone(tx: Queryable, request: KeyedRequest, resourceId: string, contentHash?: string): Promise<void> {
    const [rows] = await tx.query<[unknown[], number]>(
      `update idempotency_key set resource_id = coalesce(resource_id, $4), content_hash = coalesce(content_hash, $5)
       where ${primary} and holder = $6 returning 1`,
      [...this.place(request), resourceId, contentHash ?? null, request.holder],
    );
    if (rows.length === 0) throw stillAtWork();
  }

  /** The act stands whether this is noted or not: a repetition finds what it marked. */
  async finish(request: KeyedRequest, status: number, resourceId: unknown): Promise<void> {
    await this.dataSource
      .query(
        `update idempotency_key set status = $4, resource_id = coalesce($5, resource_id) where ${primary} and holder = $6`,
        [...this.place(request), status, typeof resourceId === 'string' ? resourceId : null, request.holder],
      )
      .catch(() => undefined);
  }

  /** The act failed: the same request may be tried again, unless part of it was committed. */
  async giveUp(request: KeyedRequest): Promise<void> {
    await this.dataSource
      .query(
        `delete from idempotency_key where ${primary} and holder = $4 and status is null and resource_id is null`,
        [...this.place(request), request.holder],
      )
      .catch(() => undefined);
  }

  /** Takes the key of a request that has died, unless another repetition was quicker. */
  private async succeed(request: KeyedRequest, dead: string | null): Promise<boolean> {
    const [rows] = await this.dataSource.query<[unknown[], number]>(
      `update idempotency_key set holder = $4, lease_until = ${lease}
       where ${primary} and holder is not distinct from $5::uuid and status is null and resource_id is null
         and (lease_until is null or lease_until <= now()) returning 1`,
      [...this.place(request), request.holder, dead],
    );
    return rows.length > 0;
  }

  private async insert(request: KeyedRequest): Promise<boolean> {
    await this.tidy();
    const made = await quickQuery<unknown[]>(
      this.dataSource,
      // Nothing waits for the disk here: the act's own commit comes later in the log and takes the key with it.
      `insert into idempotency_key (actor_id, route, key, project_id, body_hash, holder, lease_until)
       select $1, $2, $3, $4, $5, $6, ${lease} from (select set_config('synchronous_commit', 'off', true) as is) set
       where set.is = 'off' on conflict do nothing returning key`,
      [...this.place(request), request.projectId, request.bodyHash, request.holder],
    );
    return made.length > 0;
  }

  /** Keys whose time is over go a few at a time, with the first request of each second. */
  private async tidy(): Promise<void> {
    if (Date.now() - this.tidiedAt < TIDY_MS) return;
    this.tidiedAt = Date.now();
    await this.dataSource.query(
      `delete from idempotency_key where ctid = any (array(
         select ctid from idempotency_key where expires_at < now() limit 500))`,
    );
  }

  private place(request: KeyedRequest): string[] {
    return [request.actorId, request.route, request.key];
  }
}

async function hashOf(stream: ApiRequest): Promise<string> {
  const hash = createHash('sha256');
  const sink = new Writable({
    write(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      done();
    },
  });
  await pipeline(stream, sink);
  return hash.digest('hex');
}

function otherBody(): DomainError {
  return new DomainError({
    code: 'idempotency.other_body',
    status: 422,
    field: 'Idempotency-Key',
    detail: 'This Idempotency-Key was used for another request: make a new key.',
  });
}

function stillAtWork(): DomainError {
  return new DomainError({
    code: 'idempotency.in_progress',
    status: 409,
    detail: 'The first request with this Idempotency-Key is still at work: ask again in a moment.',
    details: { retryAfter: 1 },
    retryable: true,
  });
}
