import { describe, expect, it } from 'vitest';
import { resolveRunConfig, runConfig } from './run-config.js';
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

  it('keeps the published settings of HuatuoGPT: 128 rows an update, three epochs', () => {
    const config = resolveRunConfig({ method: 'sft', preset: 'huatuogpt-7b-sft' });
    if (config.method !== 'sft') throw new Error('of another method');
    expect(config.batch_size * config.sft.accumulation).toBe(128);
    expect(config).toMatchObject({ epochs: 3, sequence_length: 2048, seed: 42, lora: null, freeze: [] });
    expect(config.optimiser).toMatchObject({ learning_rate: 5e-5, schedule: 'cosine', warmup_ratio: 0.05 });
    expect(() => resolveRunConfig({ method: 'ppo', preset: 'huatuogpt-7b-sft' })).toThrow(/is for sft, not for ppo/);
  });

  it('fills a LoRA section, and refuses one beside frozen parts', () => {
    const config = resolveRunConfig({ method: 'sft', lora: { rank: 4 } });
    expect(config.lora).toEqual({ rank: 4, alpha: 16, dropout: 0, target_modules: null });
    expect(() => resolveRunConfig({ method: 'sft', lora: {}, freeze: ['norms'] })).toThrow(/whole base/);
    expect(() => resolveRunConfig({ method: 'sft', freeze: ['layer.1'] })).toThrow(/freeze/);
  });

  it('reads what an earlier version wrote, which had no such sections', () => {
    const { epochs, lora, freeze, ...early } = resolveRunConfig({ method: 'sft' });
    const sft = { accumulation: 1, dropout: 0 };
    expect(runConfig.parse({ ...early, sft })).toMatchObject({ epochs, lora, freeze, sft: { patience: null } });
    const ppo = resolveRunConfig({ method: 'ppo', batch_size: 8, ppo: { mini_batches: 5 } });
    expect(runConfig.parse({ ...ppo, batch_size: 4 })).toMatchObject({ batch_size: 4 });
  });

  it('lays a section over its preset without its defaults', () => {
    expect(resolveRunConfig({ method: 'sft', preset: 'huatuogpt-7b-sft', sft: { dropout: 0.1 } })).toMatchObject({
      sft: { accumulation: 64, dropout: 0.1 },
    });
  });

  it('names the field at fault', () => {
    expect(() => resolveRunConfig({ method: 'sft', model: { heads: 5 } })).toThrow(/multiple of heads/);
    expect(() => resolveRunConfig({ method: 'sft', ppo: { gamma: 1 } })).toThrow(/ppo/);
    expect(() => resolveRunConfig({ method: 'sft', model: { context_length: 32 } })).toThrow(/sequence_length/);
    expect(() => resolveRunConfig({ method: 'ppo', batch_size: 4, ppo: { mini_batches: 5 } })).toThrow(
      /batch_size \(4\)/,
    );
    expect(() => resolveRunConfig({ method: 'ppo', steps: 3, ppo: { freeze_policy_iterations: 3 } })).toThrow(
      /steps \(3\)/,
    );
  });
});
