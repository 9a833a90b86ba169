import { describe, expect, it } from 'vitest';
import { createRun } from '@qingnang/contracts';
import { bodyOf, emptyForm, nameOf, plotsOf } from './run-model';

const id = '01890000-0000-7000-8000-000000000000';

describe('the form of a run', () => {
  it('asks for nothing before every input of the method is chosen', () => {
    expect(bodyOf(emptyForm('sft', ''))).toBeNull();
    expect(bodyOf(emptyForm('reward', id))).toBeNull();
    expect(bodyOf({ ...emptyForm('ppo', id), policy: id })).toBeNull();
  });

  it('makes what the API takes, with only what was typed over the preset', () => {
    const numbers = { steps: '20', 'optimiser.learning_rate': '0.001', seed: ' ' };
    const body = bodyOf({ ...emptyForm('ppo', id), policy: id, reward: id, numbers })!;
    expect(createRun.safeParse(body).success).toBe(true);
    expect(body.config).toEqual({ optimiser: { learning_rate: 0.001 }, steps: 20 });
    expect(body).not.toHaveProperty('seed');
    expect(bodyOf(emptyForm('sft', id))!.inputs).toEqual({ data: id });
    expect(bodyOf({ ...emptyForm('sft', id), policy: id })!.inputs).toEqual({ data: id, policy: id });
  });

  it('names a run by method and time where nobody does', () => {
    expect(nameOf(emptyForm('sft', id), new Date(2026, 0, 2, 3, 4))).toBe('sft 2026-01-02 0304');
  });
});

it('draws the curves of a method that there are, in the order of the groups', () => {
  const series = [
    { key: 'eval/loss', points: [] },
    { key: 'train/loss', points: [] },
  ];
  expect(plotsOf('sft', series)[0]!.series.map(({ key }) => key)).toEqual(['train/loss', 'eval/loss']);
});

it('draws what was measured once as a level to the last step', () => {
  const series = [
    { key: 'eval/bigram_loss', points: [[0, 3]] as [number, number][] },
    {
      key: 'train/loss',
      points: [
        [1, 6],
        [40, 3],
      ] as [number, number][],
    },
  ];
  expect(plotsOf('sft', series)[0]!.series.find(({ key }) => key === 'eval/bigram_loss')!.points).toEqual([
    [0, 3],
    [40, 3],
  ]);
});
