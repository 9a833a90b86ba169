import type { EntityManager } from 'typeorm';
import { DomainError } from '@qingnang/kernel';
import { enterCachedCall, type NewCall, openCall } from '../call/ledger.js';
import { type LlmRequest, type LlmRequestBody, requestHash } from '../call/llm-request.js';
import { estimateMessageTokens } from '../call/tokens.js';
import { LlmItemEntity } from '../job/llm-item.entity.js';
import { SubjectGoneError } from '../job/llm-purpose.js';
import type { ClaimedItem } from './claim-items.js';
import type { LlmOptions, OpenJob } from './engine-options.js';
import { answerItem, addUpItem } from '../outcome/item-outcome.js';
import { generationOf } from '../outcome/retry-rules.js';

export type Prepared =
  | { kind: 'send'; callId: string; body: LlmRequestBody }
  | { kind: 'cached' }
  /** The item is another's by now, or its job no longer runs. */
  | { kind: 'lost' }
  | { kind: 'stopped' };

/**
 * All that comes before sending, in one transaction: the question is built, checked against egress and context, looked up
 * in the cache, written down, its price set aside.
 * @throws SubjectGoneError to skip the item; BudgetExhaustedError; another DomainError to fail the item.
 */
export async function prepareCall(
  tx: EntityManager,
  open: OpenJob,
  claimed: ClaimedItem,
  owner: string,
  options: LlmOptions,
): Promise<Prepared> {
  const item = await tx.findOne(LlmItemEntity, {
    where: { id: claimed.id, fencingToken: claimed.fencingToken, state: 'in_flight' },
    lock: { mode: 'pessimistic_write' },
  });
  if (!item) return { kind: 'lost' };
  const [job] = await tx.query<{ state: string }[]>('select state from llm_job where id = $1', [item.jobId]);
  if (job?.state !== 'running') return { kind: 'stopped' };

  const request = await open.purpose.buildRequest(tx, open.job, item);
  checkEgress(open, request);
  const body = (await sentBefore(tx, item)) ?? fitContext(open, withCap(request, item.outputCap));
  const call = newCall(open, item, body, options);
  const cached = mayUseCache(open, item) ? await lookUp(tx, call) : null;
  if (cached) {
    await enterCachedCall(tx, call, cached);
    await answerItem(tx, claimed, owner, options.leaseSeconds);
    await addUpItem(tx, item.id);
    return { kind: 'cached' };
  }
  return { kind: 'send', callId: await openCall(tx, call, open.model), body };
}

function checkEgress(open: OpenJob, request: LlmRequest): void {
  if (!open.provider.outside || request.mayLeave) return;
  throw new SubjectGoneError('egress_refused', 'This text is neither masked nor from a source declared de-identified.');
}

/** What is sent again under the same key is the same to the letter, or a server that honours the key would refuse it. */
async function sentBefore(tx: EntityManager, item: LlmItemEntity): Promise<LlmRequestBody | null> {
  const [row] = await tx.query<{ request: LlmRequestBody }[]>(
    `select p.request from llm_call c join llm_payload p on p.call_id = c.id
     where c.item_id = $1 and c.idempotency_key = $2 and p.request is not null order by c.created_at desc limit 1`,
    [item.id, item.idempotencyKey],
  );
  return row?.request ?? null;
}

/** A cut answer is bought again with a higher cap, never with the same. */
function withCap(request: LlmRequest, cap: number | null): LlmRequest {
  if (cap === null) return request;
  const maxOutputTokens = Math.max(cap, request.settings.maxOutputTokens);
  return { ...request, settings: { ...request.settings, maxOutputTokens } };
}

/** Shortest answer worth asking for. */
const LEAST_OUTPUT = 16;

function fitContext(open: OpenJob, request: LlmRequest): LlmRequestBody {
  const { messages, settings } = request;
  const context = open.model.context_tokens;
  if (context === 0) return { messages, settings };
  const room = context - estimateMessageTokens(messages);
  if (room < LEAST_OUTPUT) {
    throw new DomainError({
      code: 'context_too_long',
      status: 422,
      detail: `The question is longer than the ${context} tokens that ${open.model.name} can read: choose another model.`,
    });
  }
  return { messages, settings: { ...settings, maxOutputTokens: Math.min(settings.maxOutputTokens, room) } };
}

function newCall(open: OpenJob, item: LlmItemEntity, body: LlmRequestBody, options: LlmOptions): NewCall {
  return {
    projectId: item.projectId,
    itemId: item.id,
    jobId: item.jobId,
    purpose: open.job.purpose,
    providerId: open.provider.id,
    model: open.model.name,
    promptVersionId: item.promptVersionId,
    requestHash: requestHash(open.provider.id, open.model.name, body, item.sampleIndex),
    attempt: item.attempts,
    idempotencyKey: item.idempotencyKey,
    requestedBy: open.job.createdBy,
    body,
    retentionDays: options.retentionDays,
  };
}

function mayUseCache(open: OpenJob, item: LlmItemEntity): boolean {
  return open.purpose.cacheable && open.job.settings.again !== true && generationOf(item.idempotencyKey) === 1;
}

async function lookUp(tx: EntityManager, call: NewCall): Promise<{ answer: string; rehearsal: boolean } | null> {
  const [row] = await tx.query<{ answer: string; rehearsal: boolean }[]>(
    `select p.answer, c.rehearsal from llm_call c join llm_payload p on p.call_id = c.id
     where c.project_id = $1 and c.request_hash = $2 and c.state = 'answered' and p.answer is not null
       and coalesce(c.answer_type, 'complete') = 'complete'
       and c.item_id is distinct from $3
     order by c.created_at desc limit 1`,
    [call.projectId, call.requestHash, call.itemId],
  );
  return row ?? null;
}
