import { Injectable } from '@nestjs/common';
import type { Actor, ChatPartner, ChatRequestBody, ProviderModel } from '@qingnang/contracts';
import { DomainError, notFound } from '@qingnang/kernel';
import { type AskedOnce, LlmGate } from '@qingnang/llm';
import { ModelServerService } from '@qingnang/runs';
import { DataSource } from 'typeorm';
import type { ChatStream } from './chat-stream.js';

/** A talk keeps the model's server for so long after each message. */
const KEEP_MINUTES = 15;
const START_LIMIT_MS = 90_000;

interface Choice {
  providerId: string;
  model: string;
  modelId: string | null;
}

/** Talks of people with models: finds the partner, wakes it, passes its words on. */
@Injectable()
export class ChatDesk {
  constructor(
    private readonly dataSource: DataSource,
    private readonly gate: LlmGate,
    private readonly servers: ModelServerService,
  ) {}

  /** Words typed here may be a patient's, so nobody outside is offered. */
  async partners(actor: Actor): Promise<{ items: ChatPartner[] }> {
    const rows = await this.dataSource.query<
      { id: string; name: string; modelId: string | null; kind: string; models: ProviderModel[] }[]
    >(
      `select p.id, p.name, p.kind, p.model_id as "modelId", p.models from provider p
       left join model m on m.id = p.model_id
       where p.project_id = $1 and p.state = 'active' and not p.outside and m.state is distinct from 'withdrawn'
       order by p.kind = 'serve' desc, p.created_at desc`,
      [actor.projectId],
    );
    const items = rows.flatMap(({ id, name, kind, modelId, models }) =>
      models
        .filter((model) => kind !== 'rehearsal' || model.name === 'rehearsal-chat')
        .map((model) => ({
          providerId: id,
          provider: name,
          model: model.name,
          modelId,
          contextTokens: model.context_tokens,
          rehearsal: model.rehearsal,
          outside: false,
        })),
    );
    return { items };
  }

  /** @throws DomainError `chat.context_too_long` (422) and what the gate throws, before the first word */
  async reply(actor: Actor, body: ChatRequestBody, stream: ChatStream, signal: AbortSignal): Promise<void> {
    const choice = await this.choose(actor, body);
    if (choice.modelId !== null) await this.wake(actor, choice.modelId, signal);
    try {
      const answer = await this.ask(actor, choice, body, stream, signal);
      const { rehearsal, type: answerType, inputTokens, outputTokens, latencyMs } = answer;
      stream.send({ type: 'done', rehearsal, answerType, inputTokens, outputTokens, latencyMs });
    } catch (error) {
      if (!stream.hasBegun || !(error instanceof DomainError)) throw error;
      stream.send({ type: 'error', code: error.code, detail: error.message });
    }
  }

  private async choose(actor: Actor, { modelId, providerId, model }: ChatRequestBody): Promise<Choice> {
    if (modelId === undefined) {
      const registered = await this.servers.modelOfProvider(actor, providerId!);
      return { providerId: providerId!, model: model!, modelId: registered };
    }
    const [row] = await this.dataSource.query<{ id: string; name: string }[]>(
      `select p.id, p.models -> 0 ->> 'name' as name from model m left join provider p on p.model_id = m.id
       where m.project_id = $1 and m.id = $2`,
      [actor.projectId, modelId],
    );
    if (!row) throw notFound('model', modelId);
    // `want` says why a model that has no provider cannot be talked to.
    return { providerId: row.id, model: row.name, modelId };
  }

  private async wake(actor: Actor, modelId: string, signal: AbortSignal): Promise<void> {
    await this.servers.want(actor, modelId, KEEP_MINUTES);
    await this.servers.untilReady(actor, modelId, START_LIMIT_MS, signal);
  }

  private async ask(
    actor: Actor,
    { providerId, model }: Choice,
    { messages, maxTokens, temperature }: ChatRequestBody,
    stream: ChatStream,
    signal: AbortSignal,
  ): Promise<AskedOnce> {
    const settings = { maxOutputTokens: maxTokens, temperature };
    const question = { purpose: 'chat', providerId, model, messages, settings, mayLeave: false };
    try {
      return await this.gate.askStreaming(actor, question, (text) => stream.send({ type: 'text', text }), signal);
    } catch (error) {
      if (error instanceof DomainError && error.code === 'llm.context_too_long') throw tooLong(model);
      throw error;
    }
  }
}

function tooLong(model: string): DomainError {
  return new DomainError({
    code: 'chat.context_too_long',
    status: 422,
    field: 'messages',
    detail: `This talk is longer than ${model} can read: shorten the message, or begin a new talk.`,
  });
}
