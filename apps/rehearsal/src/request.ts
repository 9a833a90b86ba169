import { z } from 'zod';

const content = z.union([z.string(), z.array(z.object({ type: z.string(), text: z.string().optional() }))]);

const message = z.object({
  role: z.enum(['system', 'developer', 'user', 'assistant', 'tool']),
  content: content.nullish(),
});

/** What is read of an OpenAI chat request; all else is accepted and ignored. */
export const chatRequest = z.object({
  model: z.string(),
  messages: z.array(message).min(1),
  stream: z.boolean().nullish(),
  stream_options: z.object({ include_usage: z.boolean().optional() }).nullish(),
  seed: z.int().nullish(),
  n: z.int().min(1).max(16).nullish(),
});
export type ChatRequest = z.infer<typeof chatRequest>;

export interface PlainMessage {
  role: 'system' | 'user' | 'assistant';
  text: string;
}

/** Messages as plain text; parts of other kinds than text are left out. */
export function plainMessages(request: ChatRequest): PlainMessage[] {
  return request.messages.map(({ role, content: parts }) => ({
    role: role === 'developer' ? 'system' : role === 'tool' ? 'user' : role,
    text: typeof parts === 'string' ? parts : (parts ?? []).map((part) => part.text ?? '').join(''),
  }));
}

/** Rough but steady: a token for each Han character, one for each four other characters. */
export function countTokens(text: string): number {
  const han = text.match(/\p{Script=Han}/gu)?.length ?? 0;
  return han + Math.ceil((text.length - han) / 4);
}
