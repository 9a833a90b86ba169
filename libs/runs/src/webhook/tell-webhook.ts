import type { EntityManager } from 'typeorm';
import { z } from 'zod';
import type { WebhookEvent } from '@qingnang/contracts';
import { uuidv7 } from '@qingnang/kernel';
import { defineJob, enqueue, notify } from '@qingnang/queue';

/** Growing pauses between: seconds at first, six hours in the end, half a day in all. */
export const webhookDeliverJob = defineJob('webhook.deliver', z.object({ projectId: z.uuid(), deliveryId: z.uuid() }), {
  maxAttempts: 11,
});

export interface WebhookNews {
  event: WebhookEvent;
  subject: { type: 'run' | 'schedule'; id: string } | null;
  code?: string | null;
}

/** Writes a message down and queues it, in the transaction that makes it true; nothing where nobody wants to hear of it. */
export async function tellWebhook(tx: EntityManager, projectId: string, news: WebhookNews): Promise<string | null> {
  const deliveryId = uuidv7();
  const written = await tx.query<unknown[]>(
    `with written as (
       insert into webhook_delivery (id, project_id, event, subject_type, subject_id, code)
       select $1, project_id, $3, $4, $5, $6 from project_webhook where project_id = $2 and active returning id)
     select id from written`,
    [deliveryId, projectId, news.event, news.subject?.type ?? null, news.subject?.id ?? null, news.code ?? null],
  );
  if (written.length === 0) return null;
  await enqueue(tx, webhookDeliverJob, { projectId, deliveryId }, { key: `webhook.deliver:${deliveryId}` });
  await notify(tx, projectId, 'webhook', deliveryId);
  return deliveryId;
}

/** The stable code that a failure begins with; its sentence stays in the house. */
export function codeOf(failure: string | null | undefined): string | null {
  return /^([a-z0-9_.]+):/.exec(failure ?? '')?.[1] ?? null;
}
