import { beforeAll, describe, expect, it } from 'vitest';
import { demoConfigs, trainDemo, type DemoResult } from '../support/train-demo.js';

/** About half the steps of the demo preset; PPO’s rate is higher, so that fewer updates go as far without leaving the SFT model behind. */
const halfSize = demoConfigs({
  sft: { steps: 350 },
  reward: { steps: 100 },
  ppo: { steps: 50, optimiser: { learning_rate: 7e-4 } },
});

describe('the demo, trained at half size on wasm', () => {
  let result: DemoResult;
  beforeAll(async () => {
    result = await trainDemo(halfSize);
    const { samples: _samples, ...figures } = result;
    console.info(JSON.stringify(figures));
  }, 600_000);

  it('SFT: held-out loss falls by a fifth at least and ends below add-one bigrams of the same tokens', () => {
    expect(result.sft['eval/loss_fall']).toBeGreaterThanOrEqual(0.2);
    expect(result.sft['eval/loss']).toBeLessThan(result.sft['eval/bigram_loss']!);
  });

  it('reward: ranks held-out pairs better than chance and than length, also where lengths are alike', () => {
    const reward = result.reward;
    expect(reward['reward/pairs']).toBeGreaterThanOrEqual(100);
    expect(reward['reward/accuracy']).toBeGreaterThanOrEqual(0.65);
    expect(reward['reward/accuracy']).toBeGreaterThan(reward['reward/longer_wins']!);
    expect(reward['reward/pairs_like_length']).toBeGreaterThanOrEqual(50);
    expect(reward['reward/accuracy_like_length']).toBeGreaterThanOrEqual(0.6);
  });

  it('PPO: the score rises by half a standard deviation for at most eight nats a response', () => {
    expect(result.ppo['ppo/score_gain_sd']).toBeGreaterThanOrEqual(0.5);
    expect(result.ppo['ppo/kl_last']).toBeLessThanOrEqual(8);
  });

  it('the rehearsal judge, which trained nothing directly, prefers PPO on 55 % of the held-out prompts', () => {
    const { ppo, tie, sft } = result.judged[0]!;
    expect(ppo + tie + sft).toBeGreaterThanOrEqual(100);
    expect(ppo / (ppo + tie + sft)).toBeGreaterThanOrEqual(0.55);
  });

  it('costs less than 180 seconds of CPU', () => {
    const { sft, reward, ppo } = result.cpuSeconds;
    expect(sft + reward + ppo).toBeLessThan(180);
  });
});
