import type { EntityManager } from 'typeorm';
import { uuidv7 } from '@qingnang/kernel';
import type { AnswerType } from '@qingnang/contracts';
import type { Finish } from '../answer/read-completion.js';
import { typeAnswer, type TypedAnswer } from '../answer/type-answer.js';
import { typeCall } from '../call/ledger.js';
import type { LlmRequestBody } from '../call/llm-request.js';
import { estimateMessageTokens } from '../call/tokens.js';
import { LlmItemEntity } from '../job/llm-item.entity.js';
import { type LlmResult, type Stored, SubjectGoneError } from '../job/llm-purpose.js';
import type { ClaimedItem } from '../run/claim-items.js';
import type { OpenJob } from '../run/engine-options.js';
import { buyAgain, endItem, storeItem } from './item-outcome.js';
import { countFault, forgetFault } from './job-fault.js';
import { generationOf, PURCHASE_LIMIT } from './retry-rules.js';

/**
 * Says what kind of answer is on record for an item and does with it what that kind allows: a complete one is kept by the
 * purpose; any other is kept as what it is where the purpose measures answers, bought again where that may help, else the
 * item ends with the type as its reason. Answers why the whole job should pause, where it should.
 */
export async function settleAnswer(tx: EntityManager, open: OpenJob, claimed: ClaimedItem): Promise<string | null> {
  const item = await tx.findOne(LlmItemEntity, {
    where: { id: claimed.id, fencingToken: claimed.fencingToken, state: 'answered' },
    lock: { mode: 'pessimistic_write' },
  });
  if (!item) return null;
  const { job, purpose } = open;
  const found = await answerOnRecord(tx, item);
  if (!found) throw new SubjectGoneError('answer_erased', 'The answer was erased before it was stored.');
  const typed = typeAnswer(found, await purpose.form(tx, job, item));
  await typeCall(tx, found.callId, typed.type);
  const { callId, rehearsal, model, providerId } = found;
  const answered = { callId, rehearsal, model, providerId, text: typed.text };
  const stored =
    typed.type === 'complete'
      ? await purpose.store(tx, job, item, { ...answered, read: typed.read })
      : ((await purpose.storeOther?.(tx, job, item, { ...answered, type: typed.type })) ?? null);
  const result = stored && 'followUps' in stored ? await writeFollowUps(tx, item, stored) : stored;
  if (result) {
    await storeItem(tx, claimed, result);
    await forgetFault(tx, job.id);
    return null;
  }
  return typed.type === 'complete' ? null : settleUnusable(tx, open, claimed, found.request, typed);
}

/**
 * Questions that follow are written in the transaction that ends the one before: none is lost and none written twice, for a
 * part of an item has one place (`subject_id`, `sample_index`).
 */
async function writeFollowUps(
  tx: EntityManager,
  item: LlmItemEntity,
  { result, followUps }: Stored,
): Promise<LlmResult | null> {
  if (followUps.length === 0) return result;
  const rows = followUps.map(({ role, promptVersionId, params, turnN = -1 }, part) => {
    const id = uuidv7();
    return { id, role, prompt_version_id: promptVersionId, params, turn_n: turnN, sample_index: part };
  });
  await tx.query(
    `insert into llm_item (id, project_id, job_id, subject_type, subject_id, turn_n, sample_index, role, prompt_version_id,
       params, idempotency_key)
     select x.id, $2, $3, 'llm_item', $4, x.turn_n, x.sample_index, x.role, x.prompt_version_id, x.params, x.id::text || '.1'
     from jsonb_to_recordset($1::jsonb) as x (id uuid, role text, prompt_version_id uuid, params jsonb, turn_n integer,
       sample_index integer)`,
    [JSON.stringify(rows), item.projectId, item.jobId, item.id],
  );
  await tx.query('update llm_job set total = total + $2 where id = $1', [item.jobId, rows.length]);
  return result ?? { type: 'llm_item', id: rows[0]!.id };
}

interface AnswerOnRecord {
  callId: string;
  text: string;
  finish: Finish | null;
  request: LlmRequestBody | null;
  rehearsal: boolean;
  model: string;
  providerId: string;
}

async function answerOnRecord(tx: EntityManager, item: LlmItemEntity): Promise<AnswerOnRecord | null> {
  const [row] = await tx.query<AnswerOnRecord[]>(
    `select c.id as "callId", p.answer as text, c.finish, p.request, c.rehearsal, c.model, c.provider_id as "providerId"
     from llm_call c join llm_payload p on p.call_id = c.id
     where c.item_id = $1 and c.idempotency_key = $2 and c.state in ('answered', 'cached') and p.answer is not null
     order by c.created_at desc limit 1`,
    [item.id, item.idempotencyKey],
  );
  return row ?? null;
}

type Unusable = Exclude<TypedAnswer<unknown>, { type: 'complete' }>;

/** Types of answer that the same question may bring another of. A refusal or a filter would say the same again. */
const BY_CHANCE: readonly AnswerType[] = ['empty', 'unparsable'];

async function settleUnusable(
  tx: EntityManager,
  open: OpenJob,
  claimed: ClaimedItem,
  request: LlmRequestBody | null,
  { type, detail }: Unusable,
): Promise<string | null> {
  const cap = type === 'truncated' ? higherCap(open, request) : null;
  const mayHelp = cap !== null || BY_CHANCE.includes(type);
  if (mayHelp && generationOf(claimed.idempotencyKey) < PURCHASE_LIMIT) {
    await buyAgain(tx, claimed, type, cap);
    return null;
  }
  await endItem(tx, claimed, 'failed', type, detail, cap);
  return (await countFault(tx, open.job.id, { code: type })) ? type : null;
}

/** The longest answer anybody is asked for. */
const CAP_LIMIT = 65_536;

/** Twice the cap an answer broke off at, or what the model has room for; null where that is no more than before. */
function higherCap({ model }: OpenJob, request: LlmRequestBody | null): number | null {
  if (!request) return null;
  const before = request.settings.maxOutputTokens;
  const room = model.context_tokens === 0 ? CAP_LIMIT : model.context_tokens - estimateMessageTokens(request.messages);
  const cap = Math.min(before * 2, room, CAP_LIMIT);
  return cap > before ? cap : null;
}
