import { createHmac } from 'node:crypto';
import { expect, it } from 'vitest';
import { webhookMessage, type WebhookMessage } from '@qingnang/contracts';
import { bodyOf, signatureOf } from './webhook-message.js';

const message: WebhookMessage = {
  id: '0198c2a0-0000-7000-8000-000000000000',
  event: 'run.failed',
  at: '2026-11-29T02:00:00.000Z',
  project: { slug: 'clinic', name: '内科 [项目](http://evil)' },
  subject: {
    type: 'run',
    id: '0198c2a0-0000-7000-8000-000000000001',
    name: '夜间*训练*',
    method: 'sft',
    state: 'failed',
  },
  code: 'run.trainer_failed',
  url: 'https://qingnang.example/clinic/runs/1/show',
};

it('is signed over time and body, so that whoever knows the secret can check both', () => {
  const body = bodyOf('json', message);
  const [time, signature] = signatureOf('a secret of sixteen', body, new Date(1_764_000_000_900)).split(',');
  expect(time).toBe('t=1764000000');
  const expected = createHmac('sha256', 'a secret of sixteen').update(`1764000000.${body}`).digest('hex');
  expect(signature).toBe(`v1=${expected}`);
});

it('is our own form as it is promised', () => {
  expect(webhookMessage.parse(JSON.parse(bodyOf('json', message)))).toEqual(message);
});

it('is WeCom’s form, where names cannot play at marks', () => {
  const sent = JSON.parse(bodyOf('wecom', message)) as { msgtype: string; markdown: { content: string } };
  expect(sent.msgtype).toBe('markdown');
  expect(sent.markdown.content.split('\n')).toEqual([
    '**训练失败**',
    '> 项目：内科  项目  http://evil ',
    '> 训练：夜间 训练 ',
    '> 原因：run.trainer failed',
    '[打开青囊查看](https://qingnang.example/clinic/runs/1/show)',
  ]);
});
