import { DomainError, type Random } from '@qingnang/kernel';
import type { Model } from '../model/model.js';
import { padRows } from '../model/token-batch.js';
import { Decoder } from './decoder.js';
import { sampleToken, type SamplingSettings } from './sampling.js';
import { onDecodingBackend } from './on-decoding-backend.js';
import { withTransposedWeights } from './transposed-weights.js';

export interface GenerationSettings extends Partial<SamplingSettings> {
  maxNewTokens: number;
  /** Ids that end a response; by default the model's end tokens. */
  stopTokenIds?: readonly number[];
}

export interface Generated {
  /** Sampled ids; the stop token is the last of them where there is one. */
  ids: Int32Array;
  endedByItself: boolean;
}

/**
 * Continues a batch of prompts, one token of every unfinished row at a time, with keys and values kept.
 * Each step yields the new id of each row, `null` for rows that are done; a caller may stop early, the tensors are freed.
 * The rows draw of one generator in turn; `ContinuousBatch` is for requests that have their own.
 * @throws DomainError `training.context_full` where prompt and response cannot fit the model's positions
 */
export function* generateSteps(
  model: Model,
  prompts: readonly ArrayLike<number>[],
  settings: GenerationSettings,
  random: Random,
): Generator<(number | null)[], void> {
  if (prompts.length === 0 || settings.maxNewTokens < 1) return;
  refuseTooLong(model, prompts, settings.maxNewTokens);
  const sampling = { temperature: 1, topP: 1, topK: 0, ...settings };
  const stops = stopTokens(model, settings);
  const done = prompts.map(() => false);
  const said = prompts.map((prompt) => ({ prompt, response: [] as number[] }));
  const speaking = withTransposedWeights(model);
  const decoder = new Decoder(speaking.model);
  try {
    let logits = decoder.read(padRows(prompts, model.config.padTokenId, 'left'));
    for (let n = 1; ; n++) {
      const ids = done.map((finished, row) =>
        finished ? null : sampleToken(logits[row]!, sampling, random, said[row]),
      );
      ids.forEach((id, row) => {
        if (id === null) return;
        said[row]!.response.push(id);
        if (stops.has(id)) done[row] = true;
      });
      yield ids;
      if (n >= settings.maxNewTokens || !done.includes(false)) return;
      logits = decoder.readTokens(ids);
    }
  } finally {
    decoder.dispose();
    speaking.dispose();
  }
}

/** The same, collected: one response a prompt, on whichever of the present back ends decodes this model faster. */
export function generate(
  model: Model,
  prompts: readonly ArrayLike<number>[],
  settings: GenerationSettings,
  random: Random,
): Generated[] {
  const stops = stopTokens(model, settings);
  const ids: number[][] = prompts.map(() => []);
  onDecodingBackend(model, prompts.length, (speaking) => {
    for (const step of generateSteps(speaking, prompts, settings, random)) {
      step.forEach((id, row) => {
        if (id !== null) ids[row]!.push(id);
      });
    }
  });
  return ids.map((row) => ({ ids: Int32Array.from(row), endedByItself: row.length > 0 && stops.has(row.at(-1)!) }));
}

function stopTokens({ config }: Model, settings: GenerationSettings): ReadonlySet<number> {
  return new Set(settings.stopTokenIds ?? config.stopTokenIds ?? [config.eosTokenId]);
}

function refuseTooLong(model: Model, prompts: readonly ArrayLike<number>[], newTokens: number): void {
  const longest = Math.max(0, ...prompts.map((p) => p.length));
  const shortest = Math.min(...prompts.map((p) => p.length));
  if (shortest === 0) {
    throw new DomainError({
      code: 'training.prompt_empty',
      status: 422,
      detail: 'A prompt without a token cannot be continued; give at least the start of the turn.',
    });
  }
  if (longest + newTokens <= model.config.contextLength) return;
  throw new DomainError({
    code: 'training.context_full',
    status: 422,
    detail:
      `The prompt has ${longest} tokens and ${newTokens} more are wanted, but this model holds ` +
      `${model.config.contextLength}; shorten the text or ask for fewer tokens.`,
    details: { prompt_tokens: longest, wanted_tokens: newTokens, context_length: model.config.contextLength },
  });
}
