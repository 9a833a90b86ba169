import { z } from 'zod';
import { answerType } from '../llm/llm-jobs.js';

export const chatTurn = z.object({ role: z.enum(['user', 'assistant']), content: z.string().min(1).max(20_000) });

/** One reply of a registered model, or of any provider's. The last message is the person's. */
export const chatRequestBody = z
  .object({
    modelId: z.uuid().optional(),
    providerId: z.uuid().optional(),
    model: z.string().max(200).optional(),
    messages: z
      .array(chatTurn)
      .min(1)
      .max(100)
      .refine((messages) => messages.at(-1)?.role === 'user', 'must end on a message of the person'),
    maxTokens: z.int().min(1).max(4096).default(256),
    temperature: z.number().min(0).max(2).default(0.7),
  })
  .refine(
    ({ modelId, providerId, model }) => (modelId === undefined) === (providerId !== undefined && model !== undefined),
    { path: ['modelId'], message: 'name either a registered model, or a provider and one of its models' },
  )
  .meta({ id: 'ChatRequest' });
export type ChatRequestBody = z.infer<typeof chatRequestBody>;

/** What the stream of a chat says, one JSON value an event. */
export const chatEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('text'), text: z.string() }),
  z.object({
    type: z.literal('done'),
    rehearsal: z.boolean(),
    /** What kind of answer it is. */
    answerType,
    inputTokens: z.int(),
    outputTokens: z.int(),
    latencyMs: z.number(),
  }),
  /** The reply broke off; what came before stands. */
  z.object({ type: z.literal('error'), code: z.string(), detail: z.string() }),
]);
export type ChatEvent = z.infer<typeof chatEvent>;

export const chatPartner = z
  .object({
    providerId: z.uuid(),
    provider: z.string(),
    model: z.string(),
    /** Set for a model of this project's own. */
    modelId: z.uuid().nullable(),
    contextTokens: z.int(),
    rehearsal: z.boolean(),
    outside: z.boolean(),
  })
  .meta({ id: 'ChatPartner' });
export type ChatPartner = z.infer<typeof chatPartner>;
export const chatPartners = z.object({ items: z.array(chatPartner) }).meta({ id: 'ChatPartners' });
