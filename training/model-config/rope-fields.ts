import { z } from 'zod';
import { InputError } from '../data/input.errors.js';
import type { RopeScaling } from '../interfaces.js';
import { yarnAttentionFactor } from '../maths/rope-frequencies.js';

const positive = z.number().positive();

/** `rope_scaling` (transformers 4) or `rope_parameters` (transformers 5, θ inside). */
export const ropeFields = z.object({
  rope_theta: positive.nullish(),
  rope_type: z.string().nullish(),
  type: z.string().nullish(),
  factor: positive.nullish(),
  low_freq_factor: positive.nullish(),
  high_freq_factor: positive.nullish(),
  original_max_position_embeddings: z.int().positive().nullish(),
  beta_fast: positive.nullish(),
  beta_slow: positive.nullish(),
  attention_factor: positive.nullish(),
  mscale: z.number().nullish(),
  mscale_all_dim: z.number().nullish(),
  truncate: z.boolean().nullish(),
  partial_rotary_factor: z.number().nullish(),
});
export type RopeFields = z.infer<typeof ropeFields>;

/**
 * @param contextLength `max_position_embeddings`, which stands in where a field leaves the original length out
 * @throws InputError for a scaling we do not have, by its name, or one that lacks a number
 */
export function readRopeScaling(
  fields: RopeFields | null | undefined,
  contextLength: number,
  path: string,
): RopeScaling | null {
  const type = fields?.rope_type ?? fields?.type ?? 'default';
  const number = (name: 'factor' | 'low_freq_factor' | 'high_freq_factor'): number => {
    const value = fields?.[name];
    if (value == null) throw new InputError('model_config', `${path}: rotary scaling ${type} lacks "${name}".`);
    return value;
  };
  const originalContextLength = fields?.original_max_position_embeddings ?? contextLength;
  switch (type) {
    case 'default':
      return null;
    case 'linear':
    case 'dynamic':
      return { type, factor: number('factor') };
    case 'llama3':
      return {
        type,
        factor: number('factor'),
        lowFrequencyFactor: number('low_freq_factor'),
        highFrequencyFactor: number('high_freq_factor'),
        originalContextLength,
      };
    case 'yarn': {
      const factor = fields!.factor ?? contextLength / originalContextLength;
      const { mscale, mscale_all_dim } = fields!;
      return {
        type,
        factor,
        originalContextLength,
        betaFast: fields!.beta_fast ?? 32,
        betaSlow: fields!.beta_slow ?? 1,
        attentionFactor: fields!.attention_factor ?? yarnAttentionFactor(factor, mscale, mscale_all_dim),
        truncate: fields!.truncate ?? true,
      };
    }
    default:
      throw new InputError(
        'model_config',
        `${path}: rotary scaling of type "${type}" is not supported; default, linear, dynamic, llama3 and yarn are.`,
      );
  }
}

/** `rope_scaling` in the older spelling; `linear` and `dynamic` with the two fields that the oldest readers insist on. */
export function writeRopeScaling(scaling: RopeScaling | null): Record<string, unknown> | null {
  switch (scaling?.type) {
    case undefined:
      return null;
    case 'linear':
    case 'dynamic':
      return { type: scaling.type, factor: scaling.factor };
    case 'llama3':
      return {
        rope_type: 'llama3',
        factor: scaling.factor,
        low_freq_factor: scaling.lowFrequencyFactor,
        high_freq_factor: scaling.highFrequencyFactor,
        original_max_position_embeddings: scaling.originalContextLength,
      };
    case 'yarn':
      return {
        rope_type: 'yarn',
        factor: scaling.factor,
        original_max_position_embeddings: scaling.originalContextLength,
        beta_fast: scaling.betaFast,
        beta_slow: scaling.betaSlow,
        attention_factor: scaling.attentionFactor,
        ...(scaling.truncate ? {} : { truncate: false }),
      };
  }
}
