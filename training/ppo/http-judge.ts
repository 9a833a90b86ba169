import { setTimeout as pause } from 'node:timers/promises';
import type { JudgeConfig } from '@qingnang/contracts';
import { DomainError } from '@qingnang/kernel';
import { askScore, type JudgedText } from './judge-protocols.js';
import type { JudgedResponse, ResponseJudge } from './score-responses.js';

export interface HttpJudgeOptions {
  url: string;
  /** Sent as a bearer token where there is one. */
  token: string | null;
  config: JudgeConfig;
  /** Text of ids without special tokens. */
  decode(ids: readonly number[]): string;
  /** Between tries, until `signal` ends it; tests do not wait. */
  wait?: (ms: number, value: undefined, options: { signal: AbortSignal }) => Promise<unknown>;
}

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;

/**
 * A judge over HTTP that sees question, response and reference answer; `judge-protocols.ts` describes what is sent.
 * Several requests are under way at once; each is tried again after a timeout, a network error, status 408, 429 or 5xx,
 * later each time or as the server's Retry-After says. The first response that gets no score ends all the others' requests.
 */
export class HttpJudge implements ResponseJudge {
  readonly weight: number;
  readonly rewardWeight: number;
  readonly normalisation: { mean: number; sd: number };

  constructor(private readonly options: HttpJudgeOptions) {
    const { weight, reward_weight: rewardWeight, mean, sd } = options.config;
    this.weight = weight;
    this.rewardWeight = rewardWeight;
    this.normalisation = { mean, sd };
  }

  /** @throws DomainError `training.judge_failed` when a response got no score after all tries, or a refusal */
  async score(responses: readonly JudgedResponse[]): Promise<number[]> {
    const { config, decode } = this.options;
    const scores = new Array<number>(responses.length);
    const failed = new AbortController();
    let next = 0;
    const worker = async (): Promise<void> => {
      while (next < responses.length && !failed.signal.aborted) {
        const at = next++;
        const { promptIds, promptText = decode([...promptIds]), responseIds, reference } = responses[at]!;
        const text = { prompt: promptText, response: decode([...responseIds]), reference };
        scores[at] = await this.askUntilAnswered(text, failed.signal);
      }
    };
    const workers = Array.from({ length: Math.min(config.concurrency, responses.length) }, worker);
    // The first failure is the reason; what the others fail by then is only that they were ended.
    await Promise.all(workers.map((work) => work.catch((error: unknown) => failed.abort(error))));
    failed.signal.throwIfAborted();
    return scores;
  }

  private async askUntilAnswered(text: JudgedText, signal: AbortSignal): Promise<number> {
    const { url, token, config, wait = pause } = this.options;
    let why = '';
    for (let attempt = 1; attempt <= config.attempts; attempt++) {
      const answer = await askScore(url, token, config, text, signal);
      if ('score' in answer) return answer.score;
      why = answer.why;
      if (!answer.passing) break;
      if (attempt < config.attempts) {
        const backOff = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (attempt - 1));
        await wait(answer.retryAfterMs ?? backOff, undefined, { signal });
      }
    }
    throw new DomainError({
      code: 'training.judge_failed',
      status: 502,
      detail: `The judge at ${new URL(url).host} gave no score: ${why}. Mend it, then go on with --resume.`,
    });
  }
}
