import { randomInt } from 'node:crypto';
import { basename } from 'node:path';
import { createRandom, type Random } from '@qingnang/kernel';
import { openModel } from '../checkpoint/model-folder.js';
import { InputError } from '../data/input.errors.js';
import { generateSteps } from '../generate/generate.js';
import type { Model } from '../model/model.js';
import { loadParameters } from '../model/parameters.js';
import { loadTokenizer, type Tokenizer } from '../tokenizer/tokenizer.js';
import type { ChatRequest } from './chat-request.js';
import { contextLengthExceeded, OpenAiError } from './openai-error.js';
import { TextStream } from './text-stream.js';

export interface Usage {
  prompt_tokens: number;
  completion_tokens: number;
  total_tokens: number;
}

export type FinishReason = 'stop' | 'length';

/** A reply under way: pieces of text, then how it ended. */
export type ReplyPart = { text: string } | { finish: FinishReason; usage: Usage };

/** A prompt accepted for generation. */
export interface AcceptedPrompt {
  ids: number[];
  maxTokens: number;
}

/** A small model often ends before it has said anything; drawing again is cheap and nothing has been sent yet. */
const TRIES = 4;

/** A checkpoint ready to answer. */
export class ChatModel {
  private constructor(
    readonly name: string,
    readonly rehearsal: boolean,
    readonly contextLength: number,
    private readonly model: Model,
    private readonly tokenizer: Tokenizer,
  ) {}

  /** @throws InputError when the folder holds no language model with a chat template */
  static async load(folder: string, name: string | null): Promise<ChatModel> {
    const opened = await openModel(folder);
    if (opened.kind !== 'causal-lm')
      throw new InputError('model_kind', `${folder} holds a reward model, which scores and does not speak.`);
    const tokenizer = await loadTokenizer(folder);
    const { config } = opened;
    if (tokenizer.vocabularySize > config.vocabSize) {
      throw new InputError(
        'tokenizer',
        `The tokenizer in ${folder} has more tokens than the model; they do not belong together.`,
      );
    }
    const model = { config, parameters: loadParameters(config, opened.weights, 'none') };
    return new ChatModel(name ?? basename(folder), opened.note.rehearsal, config.contextLength, model, tokenizer);
  }

  /** @throws OpenAiError 400 for text that does not fit or that spells markup */
  accept(request: ChatRequest): AcceptedPrompt {
    if (request.messages.some(({ content }) => this.tokenizer.holdsSpecialToken(content))) {
      throw new OpenAiError(
        400,
        'special_token_in_text',
        'A message spells one of the special tokens of this model; take it out.',
        'messages',
      );
    }
    let ids: number[];
    try {
      ids = this.tokenizer.encodePrompt(request.messages);
    } catch (error) {
      throw error instanceof InputError ? new OpenAiError(400, 'chat_template', error.message, 'messages') : error;
    }
    const room = this.contextLength - ids.length;
    const least = request.fitContext ? 1 : (request.maxTokens ?? 1);
    if (least > room) throw contextLengthExceeded(this.contextLength, ids.length, least);
    return { ids, maxTokens: Math.min(request.maxTokens ?? room, room) };
  }

  /** Speaks, one piece of text at a time; the caller may stop listening at any time. */
  async *reply(prompt: AcceptedPrompt, request: ChatRequest): AsyncGenerator<ReplyPart, void> {
    const random = createRandom(request.seed ?? randomInt(2 ** 32));
    for (let tries = 1; ; tries++) {
      const last = tries === TRIES || request.temperature === 0;
      let said = false;
      for await (const part of this.attempt(prompt, request, random)) {
        said ||= 'text' in part && part.text.trim() !== '';
        if (said || last) yield part;
      }
      if (said || last) return;
    }
  }

  private async *attempt(
    prompt: AcceptedPrompt,
    request: ChatRequest,
    random: Random,
  ): AsyncGenerator<ReplyPart, void> {
    const stream = new TextStream((ids) => this.tokenizer.decode(ids), request.stop);
    const settings = { maxNewTokens: prompt.maxTokens, temperature: request.temperature, topP: request.topP };
    let tokens = 0;
    let ended = false;
    for (const [id] of generateSteps(this.model, [prompt.ids], settings, random)) {
      tokens++;
      ended = id === this.model.config.eosTokenId;
      const text = ended ? '' : stream.push(id!);
      if (text !== '') yield { text };
      if (stream.stopped) break;
      await new Promise((resolve) => setImmediate(resolve)); // let other requests be heard
    }
    const rest = stream.end();
    if (rest !== '') yield { text: rest };
    yield {
      finish: ended || stream.stopped ? 'stop' : 'length',
      usage: { prompt_tokens: prompt.ids.length, completion_tokens: tokens, total_tokens: prompt.ids.length + tokens },
    };
  }
}
