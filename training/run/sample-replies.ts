import { createRandom } from '@qingnang/kernel';
import { generate } from '../generate/generate.js';
import { someRows, type Rows } from '../data/rows.js';
import type { EncodedExample, RunSink } from '../interfaces.js';
import type { Model } from '../model/model.js';

/** Questions that are answered. */
export const SAMPLES = 4;
const LONGEST = 64;

/** Lets a trained model answer some held-out questions, so that a person sees what the figures mean. */
export function sampleReplies(
  model: Model,
  heldOut: Rows<Pick<EncodedExample, 'ids' | 'lossMask'>>,
  sink: RunSink,
  step: number,
  seed: number,
): void {
  const prompts = someRows(heldOut, 0, SAMPLES).map(({ ids, lossMask }) => ids.slice(0, lossMask.indexOf(1)));
  if (prompts.length === 0) return;
  const room = model.config.contextLength - Math.max(...prompts.map((ids) => ids.length));
  const settings = { maxNewTokens: Math.min(LONGEST, room), temperature: 0.7 };
  generate(model, prompts, settings, createRandom(seed)).forEach(({ ids }, i) =>
    sink.sample(step, prompts[i]!, ids, null),
  );
}
