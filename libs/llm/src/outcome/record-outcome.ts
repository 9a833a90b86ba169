import type { EntityManager } from 'typeorm';
import { closeCall, doubtCall, failCall } from '../call/ledger.js';
import { backOffMs } from '../wire/retry-after.js';
import { ownSentence } from '../wire/own-sentence.js';
import type { LlmRequestBody } from '../call/llm-request.js';
import type { ChatAnswer, ChatOutcome } from '../wire/send-chat.js';
import type { ClaimedItem } from '../run/claim-items.js';
import type { OpenJob } from '../run/engine-options.js';
import { addUpItem, answerItem, doubtItem, endItem, retryItem } from './item-outcome.js';
import { closeBreaker, pauseModel, tripBreaker } from './breaker.js';
import { concernsJob, countFault } from './job-fault.js';
import { FAILURE_LIMIT, RATE_LIMIT_TRIES } from './retry-rules.js';

export interface Sent {
  open: OpenJob;
  item: ClaimedItem;
  callId: string;
  asked: LlmRequestBody;
  owner: string;
  leaseSeconds: number;
}

/** What became of the item: `answered` is to be stored now; a pause concerns the whole job. */
export type AfterSending = 'answered' | 'elsewhere' | { pause: string };

/** Enters how a call ended, in one transaction: ledger, budgets, item, breaker. */
export async function recordOutcome(tx: EntityManager, sent: Sent, outcome: ChatOutcome): Promise<AfterSending> {
  const { item, callId } = sent;
  switch (outcome.kind) {
    case 'answer':
      return recordAnswer(tx, sent, outcome);
    case 'lost':
      await doubtCall(tx, callId, outcome.code);
      // A stop is our own doing and says nothing about the server.
      if (outcome.code !== 'stopped') await tripBreaker(tx, sent.open);
      await doubtItem(tx, item, outcome.code === 'stopped' ? 0 : backOffMs(item.attempts), outcome.code);
      await addUpItem(tx, item.id);
      return 'elsewhere';
    case 'unauthorised':
      return recordRejection(tx, sent, { ...outcome, code: 'provider_unauthorised', param: null });
    case 'misdirected':
      return recordRejection(tx, sent, { status: null, code: outcome.code, param: null, said: null });
    case 'rejected':
      return recordRejection(tx, sent, outcome);
    case 'rate_limited':
      await recordRateLimit(tx, sent, outcome);
      return 'elsewhere';
    case 'server_error':
    case 'not_sent':
      await recordFailure(tx, sent, outcome);
      return 'elsewhere';
  }
}

/**
 * A question was refused. Where the account, the model or a setting is at fault, the item has done nothing and waits: the
 * job stops after a few equal answers, with what the provider says.
 */
async function recordRejection(
  tx: EntityManager,
  sent: Sent,
  refusal: { status: number | null; code: string; param: string | null; said: string | null },
): Promise<AfterSending> {
  const { item, callId, open } = sent;
  const { code, status, param } = refusal;
  const said = ownSentence(refusal.said, sent.asked.messages, open.provider.apiKey);
  await failCall(tx, callId, { code, status });
  if (concernsJob(code)) await retryItem(tx, item, { delayMs: backOffMs(item.attempts), code, free: true });
  else await endItem(tx, item, 'failed', code, said ?? `The provider refused the request (${status}).`);
  return (await countFault(tx, open.job.id, { code, param, said })) ? { pause: code } : 'elsewhere';
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
  await closeBreaker(tx, open);
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
  await pauseModel(tx, open, delayMs);
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
  await tripBreaker(tx, sent.open);
  if (item.attempts - item.inDoubtCount >= FAILURE_LIMIT) {
    const detail = status === null ? 'The provider could not be reached.' : `The provider answered ${status}.`;
    await endItem(tx, item, 'failed', code, `${detail} Tried ${item.attempts} times.`);
    return;
  }
  await retryItem(tx, item, { delayMs: asked ?? backOffMs(item.attempts), code, free: false });
}
