import { describe, expect, it } from 'vitest';
import { createRun, resolveRunConfig } from '@qingnang/contracts';
import { faultsOf, hiddenOf, noSettings, numbersOf, overridesOf, settingPath, settingsFrom } from './run-settings';

const sft = { method: 'sft' as const, policy: 'model', ...noSettings };
const lora = {
  ...sft,
  lora: true,
  numbers: { 'lora.rank': '4', epochs: ' 1.5 ', steps: '' },
  targetModules: ['q_proj'],
};

describe('the settings of a run', () => {
  it('say over the preset what was filled in, and nothing else', () => {
    expect(overridesOf(sft)).toEqual({ config: {} });
    expect(overridesOf({ ...sft, lora: true })).toEqual({ config: { lora: {} } });
    expect(overridesOf(lora)).toEqual({ config: { epochs: 1.5, lora: { rank: 4, target_modules: ['q_proj'] } } });
    expect(overridesOf({ ...sft, numbers: { seed: '3' }, freeze: ['norms'] })).toEqual({
      seed: 3,
      config: { freeze: ['norms'] },
    });
  });

  it('ask for no adapter where there is no model to adapt, nor to freeze what an adapter freezes anyway', () => {
    expect(overridesOf({ ...lora, policy: '', freeze: ['head'] })).toEqual({
      config: { epochs: 1.5, freeze: ['head'] },
    });
    expect(overridesOf({ ...lora, freeze: ['head'] }).config).not.toHaveProperty('freeze');
  });

  it('offer each method its own, all of them known to the configuration', () => {
    const form = { ...sft, lora: true, numbers: { 'dpo.beta': '0.2', 'ppo.kl_coefficient': '0.1' } };
    expect(overridesOf({ ...form, method: 'dpo' }).config).toMatchObject({ dpo: { beta: 0.2 } });
    expect(overridesOf(form).config).toEqual({ lora: {} });
    for (const method of ['sft', 'reward', 'ppo', 'dpo'] as const) {
      const paths = (['main', 'more', 'lora'] as const).flatMap((part) => numbersOf(method, part));
      const odd: Record<string, string> = { 'lora.dropout': '0.5', sequence_length: '16' };
      const numbers = Object.fromEntries(paths.map((path) => [path, odd[path] ?? '1']));
      const { seed, config } = overridesOf({ ...form, method, numbers });
      expect(() => resolveRunConfig({ ...config, method, seed }), method).not.toThrow();
    }
  });

  it('name what is wrong by its path and bound', () => {
    const numbers = { steps: 'many', batch_size: '2.5', 'lora.rank': '0', 'lora.dropout': '1', seed: '-1' };
    expect(
      faultsOf({ ...lora, numbers: { ...numbers, 'optimiser.learning_rate': '0' }, targetModules: ['q proj'] }),
    ).toEqual({
      steps: { word: 'number' },
      batch_size: { word: 'whole' },
      'lora.rank': { word: 'at_least', bound: 1 },
      'lora.dropout': { word: 'less_than', bound: 1 },
      'lora.target_modules.0': { word: 'spelling' },
      'optimiser.learning_rate': { word: 'more_than', bound: 0 },
      seed: { word: 'at_least', bound: 0 },
    });
    expect(faultsOf(lora)).toEqual({});
  });

  it('come back from what a schedule keeps, with what has no field of its own apart', () => {
    const config = createRun.shape.config.parse({
      epochs: 2,
      lora: { rank: 4 },
      optimiser: { learning_rate: 0.01, beta1: 0.8 },
      sft: { accumulation: 2 },
      sequence_length: 2048,
      data: { truncate: 'sentence' },
    });
    const form = { ...sft, ...settingsFrom({ seed: 9, config }) };
    expect(form).toMatchObject({
      truncate: 'sentence',
      lora: true,
      numbers: { seed: '9', 'lora.rank': '4', 'sft.accumulation': '2' },
    });
    expect(hiddenOf(config)).toEqual({ optimiser: { beta1: 0.8 } });
    expect(overridesOf(form, hiddenOf(config))).toEqual({ seed: 9, config });
  });

  it('know a place by either name the API gives it', () => {
    expect(['/template/config/lora/rank', 'config.lora.rank', '/config/lora/rank'].map(settingPath)).toEqual(
      Array(3).fill('lora.rank'),
    );
    expect(settingPath('/template/inputs/data')).toBe('inputs.data');
  });
});
