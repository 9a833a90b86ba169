import { describe, expect, it } from 'vitest';
import { resolveRunConfig } from './run-config.js';
import { runMethod } from './run-files.js';

describe('the run configuration', () => {
  it('is complete from a method alone', () => {
    for (const method of runMethod.options)
      expect(resolveRunConfig({ method })).toMatchObject({ method, preset: 'demo-cpu' });
  });

  it('lays a request over its preset field by field', () => {
    const config = resolveRunConfig({ method: 'ppo', seed: 3, model: { layers: 4 }, ppo: { kl_target: null } });
    expect(config).toMatchObject({
      seed: 3,
      model: { layers: 4, hidden_size: 96 },
      ppo: { kl_target: null, epochs: 1 },
    });
  });

  it('names the field at fault', () => {
    expect(() => resolveRunConfig({ method: 'sft', model: { heads: 5 } })).toThrow(/multiple of heads/);
    expect(() => resolveRunConfig({ method: 'sft', ppo: { gamma: 1 } })).toThrow(/ppo/);
    expect(() => resolveRunConfig({ method: 'sft', model: { context_length: 32 } })).toThrow(/sequence_length/);
  });
});
