import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunMethod, RunRequest } from '@qingnang/contracts';
import { expect, it } from 'vitest';
import { trainRun } from '../../training/run/train-run.js';
import { curvePlot, type Curve, type Panel } from '../support/curve-plot.js';
import { REAL_DATA, writeRealSnapshot } from '../support/real-records.js';
import { demoConfigs, quietSink, trainDemo, type DemoResult } from '../support/train-demo.js';

// `npm run bench -- training-demo`

const SEEDS = [11, 12, 13, 14, 15];
const PLOT = new URL('../../docs/plots/training-demo.svg', import.meta.url);

type Curves = Map<string, [number, number][]>;

it('training-demo: SFT, reward model and PPO of the demo preset, for five seeds', { timeout: 3_600_000 }, async () => {
  const runs: { seed: number; result: DemoResult; curves: Curves }[] = [];
  for (const seed of SEEDS) {
    const curves: Curves = new Map();
    const sinkOf = (method: RunMethod) => ({
      ...quietSink(),
      metric: (step: number, key: string, value: number) => {
        const name = `${method}:${key}`;
        curves.set(name, [...(curves.get(name) ?? []), [step, value]]);
      },
    });
    const result = await trainDemo(demoConfigs({ sft: { seed }, reward: { seed }, ppo: { seed } }), sinkOf);
    runs.push({ seed, result, curves });
    process.stdout.write(`${JSON.stringify({ seed, ...summary(result) })}\n`);
  }
  const panel = (title: string, name: string, level?: Panel['level']): Panel => {
    const curves = runs.map((run): Curve => run.curves.get(name)!);
    return level ? { title, curves, level } : { title, curves };
  };
  const bigram = runs[0]!.result.sft['eval/bigram_loss']!;
  const panels = [
    panel('SFT: held-out loss, nats a token', 'sft:eval/loss', { value: bigram, label: 'add-one bigrams' }),
    panel('Reward model: held-out accuracy', 'reward:reward/accuracy'),
    panel('PPO: mean score of the responses', 'ppo:ppo/score'),
    panel('PPO: KL to the SFT model, nats a response', 'ppo:ppo/kl'),
  ];
  await writeFile(
    PLOT,
    curvePlot(
      panels,
      SEEDS.map((seed) => `seed ${seed}`),
    ),
  );
  for (const { result } of runs) {
    expect(result.sft['eval/loss']).toBeLessThan(result.sft['eval/bigram_loss']!);
    expect(result.reward['reward/accuracy']).toBeGreaterThan(0.65);
  }
});

function summary({ sft, reward, ppo, judged, cpuSeconds }: DemoResult) {
  return {
    sft: { loss: sft['eval/loss'], start: sft['eval/loss_start'], bigram: sft['eval/bigram_loss'] },
    reward: {
      accuracy: reward['reward/accuracy'],
      pairs: reward['reward/pairs'],
      accuracyLikeLength: reward['reward/accuracy_like_length'],
      pairsLikeLength: reward['reward/pairs_like_length'],
      longerWins: reward['reward/longer_wins'],
    },
    ppo: { gainSd: ppo['ppo/score_gain_sd'], kl: ppo['ppo/kl_last'] },
    judged,
    cpuSeconds,
  };
}

interface RealRun {
  path: string;
  dataSet: 'real_instruction' | 'distilled_instruction';
  request: Partial<RunRequest>;
}

/** The few rows that fit 64 tokens; of Toyhom none does, so its replies are cut at the end of a sentence. */
const realRuns: RealRun[] = [
  { path: 'bentsao-distilled/llama_data.json', dataSet: 'distilled_instruction', request: {} },
  { path: 'medicalgpt-samples/medical_sft_1K_format.jsonl', dataSet: 'real_instruction', request: {} },
  {
    path: 'toyhom-chinese-medical-dialogue/sample_internal_medicine_5000-6000.csv',
    dataSet: 'real_instruction',
    request: { data: { truncate: 'sentence' } },
  },
];

it.skipIf(!existsSync(REAL_DATA))('training-demo: SFT on real records', { timeout: 3_600_000 }, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'qingnang-real-'));
  for (const [n, { path, dataSet, request }] of realRuns.entries()) {
    const snapshot = join(folder, `snapshot-${n}`);
    const records = await writeRealSnapshot(snapshot, path, dataSet);
    const result = await trainRun({
      request: { ...request, method: 'sft', preset: 'demo-cpu', backend: 'wasm', steps: 300 },
      inputs: { snapshot, policy: null, rewardModel: null, ptx: null, mix: [] },
      run: join(folder, `run-${n}`),
      resume: false,
      attempt: null,
      upload: null,
      listen: () => ({ requested: () => false, dispose: () => undefined }),
      print: () => undefined,
      progress: null,
    });
    const { inputs, figures, cpu_seconds: cpuSeconds } = result;
    process.stdout.write(`${JSON.stringify({ path, records, inputs, figures, cpuSeconds })}\n`);
    expect(figures['eval/loss']).toBeLessThan(figures['eval/loss_start']!);
  }
  await rm(folder, { recursive: true });
});
