import type { AnswerType, ChatEvent, ChatPartner, ChatRequestBody } from '@qingnang/contracts';

export interface Said {
  role: 'user' | 'assistant';
  text: string;
  rehearsal?: boolean;
  /** How a reply ended; absent while it is being written. */
  end?:
    | { kind: 'done'; answerType: AnswerType; seconds: number; input: number; output: number }
    | { kind: 'stopped' }
    | { kind: 'broke'; why: string };
}

/** The talk after one event of the stream. */
export function afterEvent(talk: readonly Said[], event: ChatEvent): Said[] {
  const reply = talk.at(-1)!;
  const before = talk.slice(0, -1);
  switch (event.type) {
    case 'text':
      return [...before, { ...reply, text: reply.text + event.text }];
    case 'error':
      return [...before, { ...reply, end: { kind: 'broke', why: event.detail } }];
    case 'done': {
      const { rehearsal, answerType, latencyMs, inputTokens: input, outputTokens: output } = event;
      const end = { kind: 'done' as const, answerType, seconds: latencyMs / 1000, input, output };
      return [...before, { ...reply, rehearsal, end }];
    }
  }
}

/** The talk after the reader stopped the reply; one that was cleared stays empty. */
export function stopped(talk: readonly Said[]): Said[] {
  const reply = talk.at(-1);
  return reply ? [...talk.slice(0, -1), { ...reply, end: { kind: 'stopped' } }] : [];
}

/** What is sent: the whole talk, or the last message alone. Replies that never said a word are left out. */
export function requestOf(talk: readonly Said[], partner: ChatPartner, single: boolean): ChatRequestBody {
  const spoken = talk.filter(({ text }) => text.trim() !== '');
  const sent = single ? spoken.slice(-1) : spoken;
  const messages = sent.map(({ role, text }) => ({ role, content: text }));
  const whom =
    partner.modelId === null ? { providerId: partner.providerId, model: partner.model } : { modelId: partner.modelId };
  return { ...whom, messages, maxTokens: 256, temperature: 0.7 };
}

export const partnerKey = ({ providerId, model }: ChatPartner): string => `${providerId}/${model}`;
