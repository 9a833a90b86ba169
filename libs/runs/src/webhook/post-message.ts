import { z } from 'zod';
import type { WebhookForm } from '@qingnang/contracts';
import { guardedFetch, MisdirectedError } from '@qingnang/llm';

export interface Post {
  address: string;
  form: WebhookForm;
  /** May go to this machine or a private network. */
  inside: boolean;
  headers: Record<string, string>;
  body: string;
}

/** How a post ended. */
export interface Posted {
  status: number | null;
  /** Null where the receiver took it. */
  fault: 'refused' | 'timeout' | 'unreachable' | 'address_refused' | 'redirects' | 'key_unreadable' | null;
  /** More tries won't mend it. */
  final: boolean;
}

const TIMEOUT_MS = 10_000;
/** Of an answer nothing more is read. */
const READ_BYTES = 64 * 1024;

/** Sends one message, by the rules for model servers' addresses. The address is never part of what is thrown or kept. */
export async function postMessage({ address, form, inside, headers, body }: Post): Promise<Posted> {
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  try {
    const response = await guardedFetch(inside ? 'inside' : 'public')(address, {
      method: 'POST',
      headers,
      body,
      signal,
    });
    const taken = response.ok && (form !== 'wecom' || isTakenByWecom(await beginningOf(response)));
    if (!response.bodyUsed) await response.body?.cancel();
    return { status: response.status, fault: taken ? null : 'refused', final: false };
  } catch (error) {
    return { status: null, ...faultOf(error, signal) };
  }
}

/** WeCom answers 200 in any case, and says in the body whether it took the message. */
function isTakenByWecom(answer: string): boolean {
  try {
    return z.object({ errcode: z.literal(0) }).safeParse(JSON.parse(answer)).success;
  } catch {
    return false;
  }
}

async function beginningOf(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  const reader = response.body?.getReader();
  while (reader && bytes < READ_BYTES) {
    const { done, value } = await reader.read();
    if (done) break;
    chunks.push(value);
    bytes += value.byteLength;
  }
  await reader?.cancel();
  return Buffer.concat(chunks).toString('utf8');
}

function faultOf(error: unknown, signal: AbortSignal): Pick<Posted, 'fault' | 'final'> {
  if (signal.aborted) return { fault: 'timeout', final: false };
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (!(cause instanceof MisdirectedError)) continue;
    const fault = cause.code === 'provider_redirects' ? 'redirects' : 'address_refused';
    return { fault, final: true };
  }
  return { fault: 'unreachable', final: false };
}
