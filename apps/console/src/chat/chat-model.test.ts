import { expect, it } from 'vitest';
import { type ChatPartner, chatRequestBody } from '@qingnang/contracts';
import { afterEvent, requestOf, type Said } from './chat-model';

const partner: ChatPartner = {
  providerId: '01890000-0000-7000-8000-000000000000',
  provider: 'p',
  model: 'm',
  modelId: null,
  contextTokens: 512,
  rehearsal: true,
  outside: false,
};

it('gathers a reply from its events', () => {
  const talk: Said[] = [
    { role: 'user', text: '您好' },
    { role: 'assistant', text: '' },
  ];
  const done = {
    type: 'done',
    rehearsal: true,
    answerType: 'complete',
    inputTokens: 3,
    outputTokens: 4,
    latencyMs: 1500,
  } as const;
  const said = [{ type: 'text', text: '多' } as const, { type: 'text', text: '休息' } as const, done].reduce(
    afterEvent,
    talk,
  );
  expect(said[1]).toMatchObject({ text: '多休息', rehearsal: true, end: { kind: 'done', seconds: 1.5 } });
  expect(talk[1]!.text).toBe('');
});

it('sends the talk, or the last message by itself, in the form the API takes', () => {
  const talk: Said[] = [
    { role: 'user', text: '一' },
    { role: 'assistant', text: '' },
    { role: 'user', text: '二' },
  ];
  expect(requestOf(talk, partner, false).messages.map(({ content }) => content)).toEqual(['一', '二']);
  expect(requestOf(talk, partner, true).messages.map(({ content }) => content)).toEqual(['二']);
  expect(chatRequestBody.safeParse(requestOf(talk, partner, false)).success).toBe(true);
  expect(requestOf(talk, { ...partner, modelId: partner.providerId }, false)).not.toHaveProperty('providerId');
});
