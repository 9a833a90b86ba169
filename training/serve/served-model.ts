import { randomInt } from 'node:crypto';
import { basename } from 'node:path';
import { openModel } from '../checkpoint/model-folder.js';
import { InputError } from '../data/input.errors.js';
import { ContinuousBatch, type BatchLimits } from '../generate/continuous-batch.js';
import { Reply, type ReplyPart, type ReplySettings } from '../generate/reply.js';
import { withTransposedWeights } from '../generate/transposed-weights.js';
import { openAdapter } from '../lora/adapter-folder.js';
import { mergedWeights } from '../lora/merge.js';
import type { Model } from '../model/model.js';
import { loadParameters } from '../model/parameters.js';
import { loadTokenizer, type Tokenizer } from '../tokenizer/tokenizer.js';
import type { ChatRequest, CompletionRequest, GenerationRequest } from './generation-request.js';
import type { SpeltToken } from './reply-shapes.js';
import { contextLengthExceeded, OpenAiError } from './openai-error.js';

/** A small model often ends before it has said anything; drawing again is cheap and nothing has been sent yet. */
const CHAT_TRIES = 4;

/** Prompts accepted for generation, one reply each. */
export interface AcceptedRequest {
  prompts: { ids: number[]; settings: ReplySettings }[];
  promptTokens: number;
}

interface ServedModelParts {
  name: string;
  /** Learnt from generated practice text. */
  rehearsal: boolean;
  model: Model;
  tokenizer: Tokenizer;
}

/** A checkpoint ready to answer. */
export class ServedModel {
  readonly name: string;
  readonly rehearsal: boolean;
  readonly contextLength: number;
  private readonly model: Model;
  private readonly tokenizer: Tokenizer;
  private readonly stopTokenIds: ReadonlySet<number>;

  constructor({ name, rehearsal, model, tokenizer }: ServedModelParts) {
    const { config } = model;
    this.name = name;
    this.rehearsal = rehearsal;
    this.contextLength = config.contextLength;
    this.model = withTransposedWeights(model).model;
    this.tokenizer = tokenizer;
    this.stopTokenIds = new Set([...(config.stopTokenIds ?? [config.eosTokenId]), tokenizer.endId]);
  }

  /**
   * @param adapter folder of a LoRA adapter that is taken into the weights; `null` = none
   * @throws InputError when the folder holds no language model with its tokenizer, or the adapter does not fit
   */
  static async load(folder: string, name: string | null, adapter: string | null = null): Promise<ServedModel> {
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
    const weights = adapter ? mergedWeights(opened, await openAdapter(adapter, config)) : opened.weights;
    const model = { config, parameters: loadParameters(config, weights, 'none') };
    return new ServedModel({ name: name ?? basename(folder), rehearsal: opened.note.rehearsal, model, tokenizer });
  }

  batch(limits: BatchLimits): ContinuousBatch {
    return new ContinuousBatch(this.model, limits);
  }

  reply({ ids, settings }: AcceptedRequest['prompts'][number], tell: (part: ReplyPart) => void): Reply {
    return new Reply(ids, settings, (some) => this.tokenizer.decode(some), tell);
  }

  spell(id: number): SpeltToken {
    const bytes = this.tokenizer.bytes(id);
    return { text: this.tokenizer.spell(id), bytes: bytes && [...bytes] };
  }

  /** @throws OpenAiError 400 for text that does not fit, that spells markup or that the template refuses */
  acceptChat(request: ChatRequest): AcceptedRequest {
    if (request.messages.some(({ content }) => this.tokenizer.holdsSpecialToken(content))) {
      throw new OpenAiError(
        400,
        'special_token_in_text',
        'A message spells one of the special tokens of this model; take it out.',
        'messages',
      );
    }
    try {
      const ids = this.tokenizer.encodePrompt(request.messages);
      return this.accept([ids], request, 'messages', CHAT_TRIES);
    } catch (error) {
      throw error instanceof InputError ? new OpenAiError(400, 'chat_template', error.message, 'messages') : error;
    }
  }

  /** Markup is allowed: who sends raw text writes the template themselves. @throws OpenAiError 400 for text that does not fit */
  acceptCompletion(request: CompletionRequest): AcceptedRequest {
    const prompts = request.prompts.map((prompt) =>
      typeof prompt === 'string' ? this.tokenizer.encode(prompt) : prompt,
    );
    const foreign = prompts.flat().find((id) => id >= this.model.config.vocabSize);
    if (foreign !== undefined) {
      throw new OpenAiError(400, 'unknown_token', `prompt: this model has no token ${foreign}.`, 'prompt');
    }
    return this.accept(prompts, request, 'prompt', 1);
  }

  private accept(
    prompts: number[][],
    request: GenerationRequest,
    param: 'messages' | 'prompt',
    tries: number,
  ): AcceptedRequest {
    const seed = request.seed ?? randomInt(2 ** 32);
    const accepted = prompts.flatMap((ids, p) => {
      const room = this.contextLength - ids.length;
      const least = request.fitContext ? 1 : (request.maxTokens ?? 1);
      if (least > room) throw contextLengthExceeded(this.contextLength, ids.length, least, param);
      return Array.from({ length: request.n }, (_, i) => ({
        ids,
        settings: {
          sampling: request.sampling,
          seed: seed + SEED_STEP * (p * request.n + i),
          maxTokens: Math.min(request.maxTokens ?? room, room),
          stopTokenIds: this.stopTokenIds,
          stop: request.stop,
          alternatives: request.alternatives,
          tries,
        },
      }));
    });
    return { prompts: accepted, promptTokens: prompts.reduce((sum, ids) => sum + ids.length, 0) };
  }
}

/** Odd and large, so that neighbouring seeds of two requests do not draw the same replies. */
const SEED_STEP = 0x9e3779b1;
