import { Inject, Injectable } from '@nestjs/common';
import { writeAudit } from '@qingnang/audit';
import { KEYS, type Keys } from '@qingnang/config';
import type {
  Actor,
  ListReply,
  PutWebhook,
  WebhookDelivery,
  WebhookDeliveryQuery,
  WebhookView,
} from '@qingnang/contracts';
import { listPage } from '@qingnang/database';
import { DomainError, notFound, staleRevision, uuidv7 } from '@qingnang/kernel';
import { encryptSecret, placeOfUrl } from '@qingnang/llm';
import { notify } from '@qingnang/queue';
import { DataSource, type EntityManager } from 'typeorm';
import { ProjectWebhookEntity } from './project-webhook.entity.js';
import { tellWebhook } from './tell-webhook.js';

const NONE: WebhookView = {
  configured: false,
  form: 'json',
  host: null,
  hasSecret: false,
  insideAddress: false,
  active: false,
  updatedAt: null,
  revision: 0,
};

/** Who hears of runs in trouble, set by the project's admin, and what became of each message. */
@Injectable()
export class WebhookService {
  constructor(
    private readonly dataSource: DataSource,
    @Inject(KEYS) private readonly keys: Keys,
  ) {}

  async get(actor: Actor): Promise<WebhookView> {
    const row = await this.dataSource.manager.findOneBy(ProjectWebhookEntity, { projectId: actor.projectId });
    return row ? viewOf(row) : NONE;
  }

  /**
   * @throws DomainError `revision.stale` (412), `webhook.address_needed`, `webhook.secret_needed`, `webhook.address_refused`
   *   (422), `webhook.inside_refused` (403)
   */
  async put(actor: Actor, revision: number, input: PutWebhook): Promise<WebhookView> {
    const place = input.address === undefined ? null : await placeOfUrl(new URL(input.address));
    if (place === 'forbidden') throw addressRefused();
    if (place === 'inside' && !actor.installationAdmin) throw insideRefused();
    return this.dataSource.transaction(async (tx) => {
      const before = await lock(tx, actor);
      if ((before?.revision ?? 0) !== revision) throw staleRevision('webhook', before?.revision ?? 0);
      const row = this.rowOf(actor, before, input, place === 'inside');
      await tx.upsert(ProjectWebhookEntity, row, ['id']);
      await notify(tx, actor.projectId, 'webhook', row.id);
      await writeAudit(tx, actor, {
        action: 'webhook.set',
        subjectType: 'webhook',
        subjectId: row.id,
        ...(before ? { before: factsOf(before) } : {}),
        after: {
          ...factsOf(row),
          addressChanged: input.address !== undefined,
          secretChanged: input.secret !== undefined,
        },
      });
      return viewOf(row);
    });
  }

  remove(actor: Actor, revision: number): Promise<void> {
    return this.dataSource.transaction(async (tx) => {
      const before = await lock(tx, actor);
      if (!before) throw notFound('webhook', actor.projectId);
      if (before.revision !== revision) throw staleRevision('webhook', before.revision);
      await tx.delete(ProjectWebhookEntity, { id: before.id });
      await notify(tx, actor.projectId, 'webhook', before.id);
      await writeAudit(tx, actor, {
        action: 'webhook.remove',
        subjectType: 'webhook',
        subjectId: before.id,
        before: factsOf(before),
      });
    });
  }

  /** Sends a message that says it is a test, on the way that all take. */
  test(actor: Actor): Promise<WebhookDelivery> {
    return this.dataSource.transaction(async (tx) => {
      const id = await tellWebhook(tx, actor.projectId, { event: 'test', subject: null });
      if (id === null) throw noneActive();
      await writeAudit(tx, actor, { action: 'webhook.test', subjectType: 'webhook_delivery', subjectId: id });
      const [made] = await tx.query<WebhookDelivery[]>(`select ${COLUMNS} from ${FROM} where d.id = $1`, [id]);
      return made!;
    });
  }

  deliveries(actor: Actor, query: WebhookDeliveryQuery): Promise<ListReply<WebhookDelivery>> {
    const params: unknown[] = [actor.projectId];
    const where = ['d.project_id = $1'];
    if (query.state) where.push(`d.state = $${params.push(query.state)}`);
    return listPage<WebhookDelivery, WebhookDelivery>(this.dataSource, {
      select: COLUMNS,
      from: FROM,
      where,
      params,
      sortable: { createdAt: { sql: 'd.created_at', type: 'timestamptz' } },
      id: { sql: 'd.id', type: 'uuid' },
      query,
      map: (row) => row,
    });
  }

  private rowOf(
    actor: Actor,
    before: ProjectWebhookEntity | null,
    { form, address, secret, active }: PutWebhook,
    inside: boolean,
  ): ProjectWebhookEntity {
    if (!before && address === undefined) throw addressNeeded();
    const id = before?.id ?? uuidv7();
    const key = this.keys.encryptionKey;
    // What was entrusted to one address holds for no other.
    const kept = address === undefined ? (before?.encryptedSecret ?? null) : null;
    const encryptedSecret = secret === undefined ? kept : encryptSecret(secret, key, `${id}:secret`);
    if (form === 'json' && encryptedSecret === null) throw secretNeeded();
    return Object.assign(new ProjectWebhookEntity(), before, {
      id,
      projectId: actor.projectId,
      form,
      active,
      encryptedSecret,
      revision: (before?.revision ?? 0) + 1,
      updatedAt: new Date(),
      ...(address === undefined
        ? {}
        : {
            host: new URL(address).host,
            encryptedAddress: encryptSecret(address, key, `${id}:address`),
            insideAddress: inside,
          }),
    });
  }
}

const FROM = `webhook_delivery d left join run r on r.id = d.subject_id and d.subject_type = 'run'
  left join schedule s on s.id = d.subject_id and d.subject_type = 'schedule'`;
const COLUMNS = `d.id, d.event, d.subject_type as "subjectType", d.subject_id as "subjectId",
  coalesce(r.name, s.name) as "subjectName", d.code, d.state, d.attempts, d.status_code as "statusCode",
  d.error_code as "errorCode", d.next_at as "nextAt", d.delivered_at as "deliveredAt", d.created_at as "createdAt"`;

function lock(tx: EntityManager, { projectId }: Actor): Promise<ProjectWebhookEntity | null> {
  return tx.findOne(ProjectWebhookEntity, { where: { projectId }, lock: { mode: 'pessimistic_write' } });
}

function viewOf(row: ProjectWebhookEntity): WebhookView {
  const { form, host, insideAddress, active, revision } = row;
  const hasSecret = row.encryptedSecret !== null;
  return {
    configured: true,
    form,
    host,
    hasSecret,
    insideAddress,
    active,
    revision,
    updatedAt: row.updatedAt.toISOString(),
  };
}

/** What the log may know; neither the address nor the secret. */
function factsOf({
  form,
  host,
  active,
  insideAddress,
  encryptedSecret,
}: ProjectWebhookEntity): Record<string, unknown> {
  return { form, host, active, insideAddress, hasSecret: encryptedSecret !== null };
}

function fault(code: string, status: number, field: string, detail: string): DomainError {
  return new DomainError({ code: `webhook.${code}`, status, field, detail });
}
const addressNeeded = () => fault('address_needed', 422, '/address', 'Enter the address that messages are to go to.');
const secretNeeded = () =>
  fault(
    'secret_needed',
    422,
    '/secret',
    'Messages in this form are signed: enter a secret of 16 characters or more, also where the address changes.',
  );
const addressRefused = () =>
  fault(
    'address_refused',
    422,
    '/address',
    'No messages are sent to this address (link-local, metadata or unspecified range): enter the receiver’s own.',
  );
const insideRefused = () =>
  fault(
    'inside_refused',
    403,
    '/address',
    'This address lies on this machine or a private network: only the installation’s admin may enter it.',
  );
const noneActive = () =>
  new DomainError({
    code: 'webhook.none_active',
    status: 409,
    detail: 'There is no webhook in use here: enter an address and turn it on first.',
  });
