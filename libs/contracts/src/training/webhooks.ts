import { z } from 'zod';
import { listOf, listQuery } from '../platform/lists.js';

/** `json`: ours, signed. `wecom`: a group robot of WeCom (企业微信), whose address holds its key. */
export const webhookForm = z.enum(['json', 'wecom']);
export type WebhookForm = z.infer<typeof webhookForm>;

export const webhookEvent = z.enum(['run.failed', 'run.paused', 'run.lost', 'schedule.failed', 'test']);
export type WebhookEvent = z.infer<typeof webhookEvent>;

/** Where a project's messages go. Neither the address nor the secret is ever answered: both may hold a key. */
export const webhookView = z
  .object({
    configured: z.boolean(),
    form: webhookForm,
    /** Of the address; null where there is none yet. */
    host: z.string().nullable(),
    hasSecret: z.boolean(),
    /** Messages may go to this machine or a private network. */
    insideAddress: z.boolean(),
    active: z.boolean(),
    updatedAt: z.string().nullable(),
    /** 0 before there is one. */
    revision: z.int(),
  })
  .meta({ id: 'Webhook' });
export type WebhookView = z.infer<typeof webhookView>;

const webhookAddress = z
  .string()
  .trim()
  .max(1000)
  .superRefine((address, context) => {
    const url = URL.canParse(address) ? new URL(address) : null;
    const fault =
      !url || !/^https?:$/.test(url.protocol)
        ? 'An address that begins with http:// or https://'
        : url.username !== '' || url.password !== '' || url.hash !== ''
          ? 'No name, password or # in the address'
          : null;
    if (fault !== null) context.addIssue({ code: 'custom', message: fault });
  });

/** What is left out stays as it is; another address drops the secret that was kept for the old one. */
export const putWebhook = z
  .object({
    form: webhookForm,
    address: webhookAddress.optional(),
    /** Signs what is sent in our own form; at least 16 characters. */
    secret: z.string().min(16).max(200).optional(),
    active: z.boolean().default(true),
  })
  .meta({ id: 'PutWebhook' });
export type PutWebhook = z.infer<typeof putWebhook>;

export const webhookDeliveryState = z.enum(['waiting', 'delivered', 'failed', 'dropped']);
export type WebhookDeliveryState = z.infer<typeof webhookDeliveryState>;

export const webhookDelivery = z
  .object({
    id: z.uuid(),
    event: webhookEvent,
    subjectType: z.enum(['run', 'schedule']).nullable(),
    subjectId: z.uuid().nullable(),
    /** Of the run or schedule today; null once it is gone. */
    subjectName: z.string().nullable(),
    /** Why, as a stable code; null where there is none. */
    code: z.string().nullable(),
    /** `dropped`: the webhook was taken away or turned off before it could be sent. */
    state: webhookDeliveryState,
    attempts: z.int(),
    /** Of the last attempt. */
    statusCode: z.int().nullable(),
    errorCode: z.string().nullable(),
    /** About when it is tried again. */
    nextAt: z.string().nullable(),
    deliveredAt: z.string().nullable(),
    createdAt: z.string(),
  })
  .meta({ id: 'WebhookDelivery' });
export type WebhookDelivery = z.infer<typeof webhookDelivery>;
export const webhookDeliveryList = listOf(webhookDelivery).meta({ id: 'WebhookDeliveryList' });
export const webhookDeliveryQuery = listQuery({ sort: ['createdAt'] }).extend({
  state: webhookDeliveryState.optional(),
});
export type WebhookDeliveryQuery = z.infer<typeof webhookDeliveryQuery>;

/** The body of a message in our own form. No text of records is ever in it. */
export const webhookMessage = z.object({
  /** The same however often it is sent. */
  id: z.uuid(),
  event: webhookEvent,
  at: z.string(),
  project: z.object({ slug: z.string(), name: z.string() }),
  /** What it is about; null in a test. */
  subject: z
    .object({
      type: z.enum(['run', 'schedule']),
      id: z.uuid(),
      name: z.string(),
      /** Of a run. */
      method: z.string().nullable(),
      state: z.string(),
    })
    .nullable(),
  code: z.string().nullable(),
  /** Where to look; null where the platform does not know its own address. */
  url: z.string().nullable(),
});
export type WebhookMessage = z.infer<typeof webhookMessage>;
