import type { EntityManager } from 'typeorm';
import { closeCall, doubtCall, failCall } from '../call/ledger.js';
import { backOffMs } from '../wire/retry-after.js';
import type { LlmRequestBody } from '../call/llm-request.js';
import type { ChatAnswer, ChatOutcome } from '../wire/send-chat.js';
import type { MisdirectedError } from '../outgoing/guarded-fetch.js';
import type { ClaimedItem } from '../run/claim-items.js';
import type { OpenJob } from '../run/engine-options.js';
import { addUpItem, answerItem, doubtItem, endItem, retryItem } from './item-outcome.js';
import { closeBreaker, pauseProvider, tripBreaker } from './breaker.js';
import { FAILURE_LIMIT, RATE_LIMIT_TRIES } from './retry-rules.js';

export interface Sent {
  open: OpenJob;
  item: ClaimedItem;
  callId: string;
  asked: LlmRequestBody;
  owner: string;
  leaseSeconds: number;
}

/** What became of the item: `answered` is to be stored now; what is wrong with the provider concerns the whole job. */
export type AfterSending = 'answered' | 'elsewhere' | 'provider_unauthorised' | MisdirectedError['code'];

/** Enters how a call ended, in one transaction: ledger, budgets, item, breaker. */
export async function recordOutcome(tx: EntityManager, sent: Sent, outcome: ChatOutcome): Promise<AfterSending> {
  const { item, callId } = sent;
  switch (outcome.kind) {
    case 'answer':
      return recordAnswer(tx, sent, outcome);
    case 'lost':
      await doubtCall(tx, callId, outcome.code);
      // A stop is our own doing and says nothing about the server.
      if (outcome.code !== 'stopped') await tripBreaker(tx, sent.open.provider.id);
      await doubtItem(tx, item, outcome.code === 'stopped' ? 0 : backOffMs(item.attempts), outcome.code);
      await addUpItem(tx, item.id);
      return 'elsewhere';
    case 'unauthorised':
      await failCall(tx, callId, { code: 'provider_unauthorised', status: outcome.status });
      await retryItem(tx, item, { delayMs: 0, code: 'provider_unauthorised', free: true });
      return 'provider_unauthorised';
    case 'misdirected':
      await failCall(tx, callId, { code: outcome.code, status: null });
      await retryItem(tx, item, { delayMs: 0, code: outcome.code, free: true });
      return outcome.code;
    case 'rejected':
      await failCall(tx, callId, { code: outcome.code, status: outcome.status });
      await endItem(tx, item, 'failed', outcome.code, `The provider refused the request (${outcome.status}).`);
      return 'elsewhere';
    case 'rate_limited':
      await recordRateLimit(tx, sent, outcome);
      return 'elsewhere';
    case 'server_error':
    case 'not_sent':
      await recordFailure(tx, sent, outcome);
      return 'elsewhere';
  }
}

async function recordAnswer(tx: EntityManager, sent: Sent, answer: ChatAnswer): Promise<AfterSending> {
  const { open, item } = sent;
  // The item's row first: two workers with answers for one item come one after the other.
  await tx.query('select from llm_item where id = $1 for update', [item.id]);
  const accepted = await answerItem(tx, item, sent.owner, sent.leaseSeconds);
  await closeCall(tx, {
    callId: sent.callId,
    idempotencyKey: item.idempotencyKey,
    answer,
    asked: sent.asked,
    model: open.model,
    honoursKey: open.provider.honoursKey,
    rehearsal: open.provider.kind === 'rehearsal' || open.model.rehearsal === true || answer.rehearsal,
    late: !accepted,
  });
  await addUpItem(tx, item.id);
  await closeBreaker(tx, open.provider.id);
  return accepted ? 'answered' : 'elsewhere';
}

async function recordRateLimit(
  tx: EntityManager,
  sent: Sent,
  outcome: { status: number; retryAfterMs: number | null },
): Promise<void> {
  const { item, open } = sent;
  const delayMs = outcome.retryAfterMs ?? backOffMs(item.attempts);
  await failCall(tx, sent.callId, { code: 'rate_limited', status: outcome.status });
  if (item.attempts >= RATE_LIMIT_TRIES) {
    await endItem(
      tx,
      item,
      'failed',
      'rate_limited',
      `Told to wait ${item.attempts} times: lower the provider's rate.`,
    );
    return;
  }
  await retryItem(tx, item, { delayMs, code: 'rate_limited', free: false });
  // Who is told to wait, waits with everything, not with one question.
  await pauseProvider(tx, open.provider.id, delayMs);
}

async function recordFailure(
  tx: EntityManager,
  sent: Sent,
  outcome: Extract<ChatOutcome, { kind: 'server_error' | 'not_sent' }>,
): Promise<void> {
  const { item } = sent;
  const status = outcome.kind === 'server_error' ? outcome.status : null;
  const asked = outcome.kind === 'server_error' ? outcome.retryAfterMs : null;
  const code = outcome.kind === 'server_error' ? outcome.code : outcome.kind;
  await failCall(tx, sent.callId, { code, status });
  await tripBreaker(tx, sent.open.provider.id);
  if (item.attempts - item.inDoubtCount >= FAILURE_LIMIT) {
    const detail = status === null ? 'The provider could not be reached.' : `The provider answered ${status}.`;
    await endItem(tx, item, 'failed', code, `${detail} Tried ${item.attempts} times.`);
    return;
  }
  await retryItem(tx, item, { delayMs: asked ?? backOffMs(item.attempts), code, free: false });
}
