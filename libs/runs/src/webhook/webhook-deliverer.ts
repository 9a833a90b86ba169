import type { Keys, Settings } from '@qingnang/config';
import type { WebhookMessage } from '@qingnang/contracts';
import { DomainError } from '@qingnang/kernel';
import { decryptSecret } from '@qingnang/llm';
import { notify } from '@qingnang/queue';
import type { DataSource } from 'typeorm';
import { ProjectWebhookEntity } from './project-webhook.entity.js';
import { postMessage, type Posted } from './post-message.js';
import { WebhookDeliveryEntity } from './webhook-delivery.entity.js';
import { bodyOf, SIGNATURE_HEADER, signatureOf } from './webhook-message.js';

/** Sends a project's messages. One that cannot be delivered is tried again by the queue, with growing delay. */
export class WebhookDeliverer {
  constructor(
    private readonly dataSource: DataSource,
    private readonly keys: Pick<Keys, 'encryptionKey'>,
    private readonly settings: Pick<Settings, 'publicUrl'>,
  ) {}

  /** @throws DomainError `webhook.not_delivered`, to be tried again */
  async deliver(projectId: string, deliveryId: string, attempt: number): Promise<void> {
    const { manager } = this.dataSource;
    const delivery = await manager.findOneBy(WebhookDeliveryEntity, { projectId, id: deliveryId });
    if (delivery?.state !== 'waiting') return;
    const webhook = await manager.findOneBy(ProjectWebhookEntity, { projectId });
    if (!webhook?.active) return this.record(delivery, { state: 'dropped', nextAt: null });
    const posted = await this.send(webhook, delivery);
    const attempts = { attempts: delivery.attempts + 1, statusCode: posted.status, errorCode: posted.fault };
    if (posted.fault === null) {
      return this.record(delivery, { ...attempts, state: 'delivered', deliveredAt: new Date(), nextAt: null });
    }
    if (posted.final) return this.record(delivery, { ...attempts, state: 'failed', nextAt: null });
    await this.record(delivery, { ...attempts, nextAt: new Date(Date.now() + pauseMs(attempt)) });
    throw new DomainError({
      code: 'webhook.not_delivered',
      status: 502,
      detail: 'The receiver did not take the message.',
      details: { deliveryId, fault: posted.fault, status: posted.status },
      retryable: true,
    });
  }

  /** After the last try. */
  async giveUp(projectId: string, deliveryId: string): Promise<void> {
    const found = await this.dataSource.manager.findOneBy(WebhookDeliveryEntity, { projectId, id: deliveryId });
    if (found?.state === 'waiting') await this.record(found, { state: 'failed', nextAt: null });
  }

  private async send(webhook: ProjectWebhookEntity, delivery: WebhookDeliveryEntity): Promise<Posted> {
    const key = this.keys.encryptionKey;
    const message = await this.messageOf(delivery);
    const body = bodyOf(webhook.form, message);
    try {
      const address = decryptSecret(webhook.encryptedAddress, key, `${webhook.id}:address`);
      const secret = webhook.encryptedSecret && decryptSecret(webhook.encryptedSecret, key, `${webhook.id}:secret`);
      const headers: Record<string, string> = {
        'content-type': 'application/json',
        'x-qingnang-event': delivery.event,
        'x-qingnang-delivery': delivery.id,
        ...(secret ? { [SIGNATURE_HEADER]: signatureOf(secret, body, new Date()) } : {}),
      };
      return await postMessage({ address, form: webhook.form, inside: webhook.insideAddress, headers, body });
    } catch (error) {
      if (error instanceof DomainError) return { status: null, fault: 'key_unreadable', final: true };
      throw error;
    }
  }

  private async messageOf(delivery: WebhookDeliveryEntity): Promise<WebhookMessage> {
    const [facts] = await this.dataSource.query<Facts[]>(
      `select p.slug, p.name as "projectName", coalesce(r.name, s.name) as name, r.method, coalesce(r.state, s.state) as state
       from project p left join run r on r.project_id = p.id and r.id = $2 and $3 = 'run'
         left join schedule s on s.project_id = p.id and s.id = $2 and $3 = 'schedule' where p.id = $1`,
      [delivery.projectId, delivery.subjectId, delivery.subjectType],
    );
    const { slug, projectName, name, method, state } = facts!;
    const { id, event, code, subjectType: type, subjectId } = delivery;
    const subject = type && subjectId && name ? { type, id: subjectId, name, method, state: state ?? '' } : null;
    const page = subject ? `${type}s/${subjectId}/show` : '';
    const base = this.settings.publicUrl?.replace(/\/+$/, '');
    return {
      id,
      event,
      at: delivery.createdAt.toISOString(),
      project: { slug, name: projectName },
      subject,
      code,
      url: base === undefined ? null : `${base}/#/p/${slug}/${page}`,
    };
  }

  private async record(delivery: WebhookDeliveryEntity, changes: Partial<WebhookDeliveryEntity>): Promise<void> {
    await this.dataSource.transaction(async (tx) => {
      await tx.update(WebhookDeliveryEntity, { id: delivery.id, state: 'waiting' }, changes);
      await notify(tx, delivery.projectId, 'webhook', delivery.id);
    });
  }
}

interface Facts {
  slug: string;
  projectName: string;
  name: string | null;
  method: string | null;
  state: string | null;
}

/** What the queue will wait after this attempt. */
const pauseMs = (attempt: number): number => Math.exp(Math.min(attempt, 10)) * 1_000;
