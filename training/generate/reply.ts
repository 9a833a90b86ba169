import { createRandom, type Random } from '@qingnang/kernel';
import type { BatchRow, RowStep } from './continuous-batch.js';
import { sampledLogProb, type SampledLogProb } from './sampled-log-probs.js';
import { sampleTokenSteadily, type SamplingSettings } from './sampling.js';
import { TextStream } from './text-stream.js';

export interface ReplySettings {
  sampling: SamplingSettings;
  /** Same seed, same prompt and settings: same reply, whoever else is answered meanwhile (but for rounding). */
  seed: number;
  maxTokens: number;
  /** Ids that end the reply. */
  stopTokenIds: ReadonlySet<number>;
  /** Texts that end the reply, over however many tokens; neither they nor what follows is given out. */
  stop: readonly string[];
  /** Likeliest tokens told beside each sampled one; `null` = no log-probabilities. */
  alternatives: number | null;
  /** A small model often ends before it has said anything: so many times it is drawn, unless at temperature 0. */
  tries: number;
}

/** A token given out; `at` is the character of the reply where its text begins. */
export interface SpokenToken extends SampledLogProb {
  at: number;
}

export type FinishReason = 'stop' | 'length';

/** A reply under way: pieces of text with the tokens behind them, then how it ended. */
export type ReplyPart =
  { text: string; tokens: SpokenToken[] } | { finish: FinishReason; completionTokens: number } | { error: unknown };

/** One reply to one prompt as a row of a running batch. */
export class Reply implements BatchRow {
  cancelled = false;
  private readonly random: Random;
  private ids: number[] = [];
  private stream: TextStream;
  /** Tokens whose text is still held back. */
  private pending: SpokenToken[] = [];
  /** Parts of blank text, told once something is said. */
  private held: ReplyPart[] = [];
  private said: boolean;
  private tries = 0;

  constructor(
    readonly prompt: ArrayLike<number>,
    private readonly settings: ReplySettings,
    private readonly decode: (ids: readonly number[]) => string,
    private readonly tell: (part: ReplyPart) => void,
  ) {
    this.random = createRandom(settings.seed);
    this.stream = new TextStream(decode, settings.stop);
    this.said = this.lastTry();
  }

  next(logits: Float32Array): RowStep {
    const { sampling, stopTokenIds, alternatives, maxTokens } = this.settings;
    const id = sampleTokenSteadily(logits, sampling, this.random, { prompt: this.prompt, response: this.ids });
    this.ids.push(id);
    if (stopTokenIds.has(id)) return this.end('stop');
    if (alternatives !== null) {
      this.pending.push({ ...sampledLogProb(logits, id, alternatives), at: this.stream.length });
    }
    this.give(this.stream.push(id), (token) => token.at < this.stream.givenLength);
    if (this.stream.stopped) return this.end('stop');
    if (this.ids.length >= maxTokens) return this.end('length');
    return { id };
  }

  fail(error: unknown): void {
    this.cancelled = true;
    this.tell({ error });
  }

  private end(finish: FinishReason): RowStep {
    const { stopped } = this.stream;
    this.give(this.stream.end(), (token) => !stopped || token.at < this.stream.givenLength);
    if (!this.said) return this.again();
    this.tell({ finish, completionTokens: this.ids.length });
    return 'done';
  }

  private give(text: string, isOut: (token: SpokenToken) => boolean): void {
    const tokens = this.pending.filter(isOut);
    if (text === '' && tokens.length === 0) return;
    this.pending = this.pending.slice(tokens.length);
    this.held.push({ text, tokens });
    this.said ||= text.trim() !== '';
    if (!this.said) return;
    for (const part of this.held) this.tell(part);
    this.held = [];
  }

  private again(): RowStep {
    this.tries += 1;
    this.ids = [];
    this.pending = [];
    this.held = [];
    this.stream = new TextStream(this.decode, this.settings.stop);
    this.said = this.lastTry();
    return 'again';
  }

  /** What is drawn now is told, blank or not. */
  private lastTry(): boolean {
    return this.tries >= this.settings.tries - 1 || this.settings.sampling.temperature === 0;
  }
}
