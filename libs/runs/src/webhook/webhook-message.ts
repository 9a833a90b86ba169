import { createHmac } from 'node:crypto';
import type { WebhookEvent, WebhookForm, WebhookMessage } from '@qingnang/contracts';

export const SIGNATURE_HEADER = 'x-qingnang-signature';

/**
 * `t=<seconds>,v1=<hex>`: HMAC-SHA256 with the secret over the seconds, a dot and the body, to the byte. The time is inside,
 * so that a message caught on its way cannot be sent again later.
 */
export function signatureOf(secret: string, body: string, now: Date): string {
  const seconds = Math.floor(now.getTime() / 1000);
  return `t=${seconds},v1=${createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex')}`;
}

const words: Record<WebhookEvent, string> = {
  'run.failed': '训练失败',
  'run.paused': '训练已暂停',
  'run.lost': '训练进程失联，等待重新开始',
  'schedule.failed': '定时训练没有开始',
  test: '测试消息：这个群能收到青囊的通知',
};

/** What is sent, in the form that the receiver reads. */
export function bodyOf(form: WebhookForm, message: WebhookMessage): string {
  if (form === 'json') return JSON.stringify(message);
  return JSON.stringify({ msgtype: 'markdown', markdown: { content: markdownOf(message) } });
}

/** WeCom reads a few marks; in names they are plain characters. */
const plain = (text: string): string => text.replaceAll(/[\\`*_[\]()<>#]/g, ' ');

function markdownOf({ event, project, subject, code, url }: WebhookMessage): string {
  const lines = [`**${words[event]}**`, `> 项目：${plain(project.name)}`];
  if (subject) lines.push(`> ${subject.type === 'run' ? '训练' : '计划'}：${plain(subject.name)}`);
  if (code !== null) lines.push(`> 原因：${plain(code)}`);
  if (url !== null) lines.push(`[打开青囊查看](${url})`);
  return lines.join('\n');
}
