import type { DataSource } from 'typeorm';
import type { Actor } from '@qingnang/contracts';
import { DomainError, uuidv7 } from '@qingnang/kernel';
import type { LlmOptions } from '../run/engine-options.js';
import { type AnswerForm, plainAnswer } from '../answer/answer-form.js';
import { type TypedAnswer, typeAnswer } from '../answer/type-answer.js';
import { modelOf, type OpenProvider, openProvider } from '../provider/provider-access.js';
import { type ChatTarget, chatTarget } from '../wire/chat-target.js';
import { closeCall, doubtCall, failCall, type NewCall, openCall, typeCall } from './ledger.js';
import { type LlmRequest, type LlmRequestBody, requestHash } from './llm-request.js';
import { type ChatOutcome, sendChat } from '../wire/send-chat.js';
import { streamChat } from '../wire/stream-chat.js';

export interface AskOnce extends LlmRequest {
  /** What it is for, e.g. `chat`, `judge`, `polish`; stands in the ledger. */
  purpose: string;
  providerId: string;
  model: string;
  promptVersionId?: string | null;
}

type Asker = Pick<Actor, 'projectId' | 'personId'>;

export type AskedOnce<T = string> = TypedAnswer<T> & {
  callId: string;
  /** What the model thought aloud, kept apart. */
  reasoning: string | null;
  rehearsal: boolean;
  inputTokens: number;
  outputTokens: number;
  latencyMs: number;
};

/**
 * One question of a person at a screen, answered while they wait. Written to the same ledger, under the same budgets and
 * the same egress rule as a job's; tried once, never from the cache.
 */
export class LlmGate {
  constructor(
    private readonly dataSource: DataSource,
    private readonly options: LlmOptions,
  ) {}

  /** @throws DomainError `llm.egress_refused` (422), `budget_exhausted` (409), `llm.no_answer` (502), `llm.rate_limited` (503) */
  askOnce<T>(actor: Asker, ask: AskOnce, form: AnswerForm<T>, signal?: AbortSignal): Promise<AskedOnce<T>> {
    return this.ask(actor, ask, form, (target, body, key) => sendChat(target, body, key, signal));
  }

  /** The same, word by word; stopped by the signal, what was said so far is the answer. */
  askStreaming(actor: Asker, ask: AskOnce, onText: (text: string) => void, signal?: AbortSignal): Promise<AskedOnce> {
    return this.ask(actor, ask, plainAnswer, (target, body, key) => streamChat(target, body, key, onText, signal));
  }

  private async ask<T>(
    actor: Asker,
    ask: AskOnce,
    form: AnswerForm<T>,
    send: (target: ChatTarget, body: LlmRequestBody, key: string) => Promise<ChatOutcome>,
  ): Promise<AskedOnce<T>> {
    const provider = await openProvider(this.dataSource.manager, actor.projectId, ask.providerId, this.options);
    const model = modelOf(provider, ask.model);
    if (provider.outside && !ask.mayLeave) throw egressRefused(provider);
    const idempotencyKey = `once.${uuidv7()}`;
    const call = this.newCall(actor, ask, idempotencyKey);
    const callId = await this.dataSource.transaction((tx) => openCall(tx, call, model));
    const target = chatTarget(provider, model, this.options.timeoutMs);
    const outcome = await send(target, call.body, idempotencyKey);
    if (outcome.kind !== 'answer') throw await this.enterFailure(callId, provider, outcome);
    const rehearsal = provider.kind === 'rehearsal' || model.rehearsal === true || outcome.rehearsal;
    const typed = typeAnswer(outcome, form);
    await this.dataSource.transaction(async (tx) => {
      await closeCall(tx, {
        callId,
        idempotencyKey,
        answer: outcome,
        asked: call.body,
        model,
        honoursKey: provider.honoursKey,
        rehearsal,
        late: false,
      });
      await typeCall(tx, callId, typed.type);
    });
    const { latencyMs, usage, reasoning } = outcome;
    return { ...typed, callId, reasoning, rehearsal, latencyMs, inputTokens: 0, outputTokens: 0, ...usage };
  }

  private newCall(actor: Asker, ask: AskOnce, idempotencyKey: string): NewCall {
    const body = { messages: ask.messages, settings: ask.settings };
    return {
      projectId: actor.projectId,
      itemId: null,
      jobId: null,
      purpose: ask.purpose,
      providerId: ask.providerId,
      model: ask.model,
      promptVersionId: ask.promptVersionId ?? null,
      requestHash: requestHash(ask.providerId, ask.model, body),
      attempt: 1,
      idempotencyKey,
      requestedBy: actor.personId,
      body,
      retentionDays: this.options.retentionDays,
    };
  }

  private async enterFailure(
    callId: string,
    provider: OpenProvider,
    outcome: Exclude<ChatOutcome, { kind: 'answer' }>,
  ): Promise<DomainError> {
    const code = 'code' in outcome ? outcome.code : outcome.kind;
    const status = 'status' in outcome ? outcome.status : null;
    await this.dataSource.transaction((tx) =>
      outcome.kind === 'lost' ? doubtCall(tx, callId, code) : failCall(tx, callId, { code, status }),
    );
    return noAnswer(provider, outcome, code);
  }
}

function egressRefused(provider: OpenProvider): DomainError {
  return new DomainError({
    code: 'llm.egress_refused',
    status: 422,
    detail: `${provider.name} is outside, and this text is neither masked nor from a source declared de-identified: choose a provider inside.`,
  });
}

function noAnswer(
  provider: OpenProvider,
  outcome: Exclude<ChatOutcome, { kind: 'answer' }>,
  reason: string,
): DomainError {
  if (outcome.kind === 'rejected' && outcome.code === 'context_too_long') {
    return new DomainError({
      code: 'llm.context_too_long',
      status: 422,
      detail: 'This text is longer than the model can read: shorten it, or choose another model.',
    });
  }
  if (outcome.kind === 'misdirected') {
    return new DomainError({
      code: outcome.code === 'provider_redirects' ? 'provider.redirects' : 'provider.address_refused',
      status: 502,
      detail:
        outcome.code === 'provider_redirects'
          ? `${provider.name} sends on to another server, and nothing was sent there: the admin enters the final address.`
          : `${provider.name} leads to an address that calls may not go to: the admin looks at its address, or allows one in the house’s own network.`,
    });
  }
  const limited = outcome.kind === 'rate_limited';
  return new DomainError({
    code: limited ? 'llm.rate_limited' : 'llm.no_answer',
    status: limited ? 503 : 502,
    detail: `${provider.name} gave no answer (${reason}): try again, or look at the provider's settings.`,
    details: { reason },
    retryable: true,
  });
}
