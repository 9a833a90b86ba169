import type { EntityManager } from 'typeorm';
import type { AnswerType, ProviderModel } from '@qingnang/contracts';
import { uuidv7 } from '@qingnang/kernel';
import { reserve, settle } from './budgets.js';
import type { LlmRequestBody } from './llm-request.js';
import type { ChatAnswer } from '../wire/send-chat.js';
import { estimateMessageTokens, estimateTokens, priceOf } from './tokens.js';

export interface NewCall {
  projectId: string;
  itemId: string | null;
  jobId: string | null;
  purpose: string;
  providerId: string;
  model: string;
  promptVersionId: string | null;
  requestHash: string;
  attempt: number;
  idempotencyKey: string;
  requestedBy: string | null;
  body: LlmRequestBody;
  retentionDays: number;
}

/** Writes down what is about to be asked and sets its highest price aside. To be committed before anything is sent. */
export async function openCall(tx: EntityManager, call: NewCall, model: ProviderModel): Promise<string> {
  const id = uuidv7();
  const amount = priceOf(model, estimateMessageTokens(call.body.messages), call.body.settings.maxOutputTokens);
  await insertCall(tx, id, call, { state: 'sending', cost: amount, estimated: true, rehearsal: false });
  await insertPayload(tx, id, call, null);
  await reserve(tx, { projectId: call.projectId, jobId: call.jobId, callId: id, amount });
  return id;
}

/** An answer found in the cache is a call of its own that cost nothing. */
export async function enterCachedCall(
  tx: EntityManager,
  call: NewCall,
  found: { answer: string; rehearsal: boolean },
): Promise<string> {
  const id = uuidv7();
  await insertCall(tx, id, call, { state: 'cached', cost: 0, estimated: false, rehearsal: found.rehearsal });
  await insertPayload(tx, id, call, found.answer);
  return id;
}

async function insertCall(
  tx: EntityManager,
  id: string,
  call: NewCall,
  as: { state: string; cost: number; estimated: boolean; rehearsal: boolean },
): Promise<void> {
  await tx.query(
    `insert into llm_call (id, project_id, item_id, job_id, purpose, provider_id, model, prompt_version_id, request_hash,
       attempt, idempotency_key, state, cost, estimated, rehearsal, requested_by, answered_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16,
       case when $12 = 'cached' then now() end)`,
    [
      id,
      call.projectId,
      call.itemId,
      call.jobId,
      call.purpose,
      call.providerId,
      call.model,
      call.promptVersionId,
      call.requestHash,
      call.attempt,
      call.idempotencyKey,
      as.state,
      as.cost,
      as.estimated,
      as.rehearsal,
      call.requestedBy,
    ],
  );
}

async function insertPayload(tx: EntityManager, id: string, call: NewCall, answer: string | null): Promise<void> {
  await tx.query(
    `insert into llm_payload (call_id, project_id, request, answer, expires_at)
     values ($1, $2, $3, $4, now() + make_interval(days => $5))`,
    [id, call.projectId, JSON.stringify(call.body), answer, call.retentionDays],
  );
}

export interface Closing {
  callId: string;
  idempotencyKey: string;
  answer: ChatAnswer;
  /** What was asked: where the server does not say what it used, it is counted by our rule. */
  asked: LlmRequestBody;
  model: ProviderModel;
  /** The server charges a key once, however often it is sent. */
  honoursKey: boolean;
  rehearsal: boolean;
  /** Nobody waits for this answer any more. */
  late: boolean;
}

/**
 * Enters an answer and its price. Where the server honours the key, the key's price is entered once: with its first
 * answer; earlier calls in doubt under the same key then owe nothing.
 */
export async function closeCall(tx: EntityManager, closing: Closing): Promise<void> {
  const { callId, answer, idempotencyKey } = closing;
  const [before] = await tx.query<{ entered: boolean }[]>(
    `select exists (select from llm_call other where other.idempotency_key = $2 and other.id <> c.id
       and other.state = 'answered') as entered from llm_call c where id = $1 for update`,
    [callId, idempotencyKey],
  );
  const repeated = closing.honoursKey && before!.entered;
  const counted = repeated ? NOTHING_USED : (answer.usage ?? estimatedUsage(closing.asked, answer));
  const cost = priceOf(closing.model, counted.inputTokens, counted.outputTokens);
  await tx.query(
    `update llm_call set state = 'answered', status_code = $2, input_tokens = $3, output_tokens = $4, cost = $5,
       estimated = $6, second_charge = $7, rehearsal = $8, latency_ms = $9, answered_at = now(), error_code = $10,
       finish = $11 where id = $1`,
    [
      callId,
      answer.status,
      counted.inputTokens,
      counted.outputTokens,
      cost,
      answer.usage === null && !repeated,
      closing.late && !closing.honoursKey,
      closing.rehearsal,
      answer.latencyMs,
      repeated ? 'charged_before' : null,
      answer.finish,
    ],
  );
  await tx.query('update llm_payload set answer = $2, reasoning = $3 where call_id = $1 and removal_id is null', [
    callId,
    answer.text,
    answer.reasoning,
  ]);
  await settle(tx, callId, cost);
  if (closing.honoursKey) await releaseDoubts(tx, callId, idempotencyKey);
}

const NOTHING_USED = { inputTokens: 0, outputTokens: 0 };

/** What a call may have used, by our rule; marked as an estimate wherever it is shown. */
function estimatedUsage(asked: LlmRequestBody, { text, reasoning }: ChatAnswer): typeof NOTHING_USED {
  return {
    inputTokens: estimateMessageTokens(asked.messages),
    outputTokens: estimateTokens(text) + estimateTokens(reasoning ?? ''),
  };
}

async function releaseDoubts(tx: EntityManager, callId: string, idempotencyKey: string): Promise<void> {
  const doubts = await tx.query<{ id: string }[]>(
    `select id from llm_call where idempotency_key = $1 and state = 'in_doubt' and estimated and id <> $2 order by id`,
    [idempotencyKey, callId],
  );
  for (const doubt of doubts) {
    await tx.query(`update llm_call set cost = 0, estimated = false, error_code = 'charged_once' where id = $1`, [
      doubt.id,
    ]);
    await settle(tx, doubt.id, 0);
  }
}

/** What kind of answer the call brought. */
export async function typeCall(tx: EntityManager, callId: string, type: AnswerType): Promise<void> {
  await tx.query('update llm_call set answer_type = $2 where id = $1', [callId, type]);
}

/** A call that bought nothing. */
export async function failCall(
  tx: EntityManager,
  callId: string,
  failure: { code: string; status: number | null },
): Promise<void> {
  await tx.query(
    `update llm_call set state = 'failed', cost = 0, estimated = false, error_code = $2, status_code = $3,
       answered_at = now() where id = $1`,
    [callId, failure.code, failure.status],
  );
  await settle(tx, callId, 0);
}

/** A call nobody knows the end of: it stays charged at its estimate. */
export async function doubtCall(tx: EntityManager, callId: string, code: string): Promise<void> {
  await tx.query(`update llm_call set state = 'in_doubt', error_code = $2 where id = $1 and state = 'sending'`, [
    callId,
    code,
  ]);
}
