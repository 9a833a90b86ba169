import { resolveRunConfig, type RunConfig, type RunRequest } from '@qingnang/contracts';
import { createRandom } from '@qingnang/kernel';
import { compareAnswers, TIE_MARGIN } from '@qingnang/rehearsal';
import { generateDemo } from '../../apps/worker/src/demo/generate.js';
import { selectBackend } from '../../training/backend/select-backend.js';
import { encodePreferenceRow, encodePromptRow, encodeSftRow } from '../../training/data/encode-rows.js';
import { generate } from '../../training/generate/generate.js';
import type { CheckpointState, EncodedPrompt, RunSink, ScoreNormalisation } from '../../training/interfaces.js';
import type { Model } from '../../training/model/model.js';
import { drawParameters, exportParameters, loadParameters } from '../../training/model/parameters.js';
import { trainPpo } from '../../training/ppo/train-ppo.js';
import { trainReward } from '../../training/reward/train-reward.js';
import { modelConfigOf, ppoSettings, rewardSettings, sftSettings } from '../../training/run/settings.js';
import { trainSft } from '../../training/sft/train-sft.js';
import { trainTokenizer, type Tokenizer } from '../../training/tokenizer/tokenizer.js';
import { demoSnapshotRows, type DemoRows, type RowsBySplit } from './demo-rows.js';

type Config<M extends RunConfig['method']> = Extract<RunConfig, { method: M }>;

export interface DemoConfigs {
  sft: Config<'sft'>;
  reward: Config<'reward'>;
  ppo: Config<'ppo'>;
}

export interface DemoResult {
  sft: Record<string, number>;
  reward: Record<string, number>;
  ppo: Record<string, number>;
  /** The judge's verdicts on the answers to all held-out Chinese prompts, at each temperature. */
  judged: { temperature: number; ppo: number; tie: number; sft: number }[];
  cpuSeconds: { sft: number; reward: number; ppo: number };
  /** Answers at the first temperature. */
  samples: { prompt: string; sft: string; ppo: string }[];
}

/** Temperatures of the judged answers: that of the reference system's server, and greedy. */
const JUDGED_TEMPERATURES = [0.5, 0];

/** The demo preset of each method, with what a test changes. */
export function demoConfigs(change: Partial<Record<keyof DemoConfigs, Partial<RunRequest>>> = {}): DemoConfigs {
  const of = <M extends keyof DemoConfigs>(method: M): DemoConfigs[M] =>
    resolveRunConfig({ preset: 'demo-cpu', ...change[method], method }) as DemoConfigs[M];
  return { sft: of('sft'), reward: of('reward'), ppo: of('ppo') };
}

/** SFT, reward model and PPO one after another on the demo's rows, on wasm, and the judge's view of the outcome. */
export async function trainDemo(
  configs: DemoConfigs,
  sinkOf: (method: RunConfig['method']) => RunSink = quietSink,
  rows: DemoRows = demoSnapshotRows(generateDemo(42)),
): Promise<DemoResult> {
  await selectBackend('wasm');
  const tokenizer = trainTokenizer(
    rows.sft.train.flatMap((row) => row.messages.map((m) => m.content)),
    configs.sft.model.vocabulary_size,
    configs.sft.model.context_length,
  );
  const data = encodeRows(rows, tokenizer, configs);
  const clock = cpuClock();

  const shape = modelConfigOf(configs.sft.model, tokenizer);
  const sftModel: Model = { config: shape, parameters: drawParameters(shape, createRandom(configs.sft.seed)) };
  const sft = await trainSft({
    model: sftModel,
    examples: data.sft.train,
    heldOut: data.sft.heldOut,
    settings: sftSettings(configs.sft),
    sink: sinkOf('sft'),
  });
  const sftWeights = exportParameters(sftModel.parameters);
  const sftSeconds = clock();

  const rewardRandom = createRandom(configs.reward.seed);
  const rewardModel: Model = { config: shape, parameters: loadParameters(shape, sftWeights, 'reward', rewardRandom) };
  const rewardSink = sinkOf('reward');
  let normalisation: ScoreNormalisation = { mean: 0, sd: 1 };
  const reward = await trainReward({
    model: rewardModel,
    pairs: data.pairs.train,
    heldOut: data.pairs.heldOut,
    sftExamples: data.sft.train,
    settings: rewardSettings(configs.reward),
    sink: {
      ...rewardSink,
      checkpoint: async (step: number, state: CheckpointState) => {
        normalisation = state.scoreNormalisation ?? normalisation;
        await rewardSink.checkpoint(step, state);
      },
    },
  });
  const rewardSeconds = clock();

  const policy: Model = { config: shape, parameters: loadParameters(shape, sftWeights, 'value') };
  const ppo = await trainPpo({
    policy,
    reference: sftModel,
    reward: rewardModel,
    normalisation,
    prompts: data.prompts.train,
    sftExamples: data.sft.train,
    settings: ppoSettings(configs.ppo),
    sink: sinkOf('ppo'),
  });
  const ppoSeconds = clock();

  const { judged, samples } = judge(sftModel, policy, data, tokenizer, configs.ppo.ppo.response_length);
  return {
    sft: sft.figures,
    reward: reward.figures,
    ppo: ppo.figures,
    judged,
    cpuSeconds: { sft: sftSeconds, reward: rewardSeconds, ppo: ppoSeconds },
    samples,
  };
}

function encodeRows(rows: DemoRows, tokenizer: Tokenizer, configs: DemoConfigs) {
  const length = configs.sft.sequence_length;
  const promptLength = length - configs.ppo.ppo.response_length;
  const parts = <Row, T extends object>(of: RowsBySplit<Row>, encode: (row: Row) => T | string) => {
    const kept = (list: Row[]): T[] => list.map(encode).filter((x): x is T => typeof x === 'object');
    return { train: kept(of.train), heldOut: kept([...of.validation, ...of.test]) };
  };
  return {
    sft: parts(rows.sft, (row) => encodeSftRow(tokenizer, row, length)),
    pairs: parts(rows.preference, (row) => encodePreferenceRow(tokenizer, row, length)),
    prompts: parts(rows.prompts, (row) => encodePromptRow(tokenizer, row, promptLength)),
    questions: new Map(
      Object.values(rows.prompts)
        .flat()
        .map((row) => [
          row.id,
          row.prompt
            .filter((m) => m.role === 'user')
            .map((m) => m.content)
            .join(''),
        ]),
    ),
  };
}

/** Both models' answers to the held-out prompts under the judge's rule; closer than its margin is a tie. */
function judge(
  sftModel: Model,
  policy: Model,
  data: ReturnType<typeof encodeRows>,
  tokenizer: Tokenizer,
  length: number,
): Pick<DemoResult, 'judged' | 'samples'> {
  const prompts = data.prompts.heldOut;
  const rounds = JUDGED_TEMPERATURES.map((temperature) => {
    const [bySft, byPpo] = [sftModel, policy].map((model) => answers(model, prompts, tokenizer, length, temperature));
    const verdicts = { temperature, ppo: 0, tie: 0, sft: 0 };
    const samples = prompts.map((prompt, i) => {
      const sample = { prompt: data.questions.get(prompt.rowId)!, sft: bySft![i]!, ppo: byPpo![i]! };
      const gap = compareAnswers(sample.prompt, prompt.reference, sample.ppo, sample.sft);
      verdicts[Math.abs(gap) < TIE_MARGIN ? 'tie' : gap > 0 ? 'ppo' : 'sft'] += 1;
      return sample;
    });
    return { verdicts, samples };
  });
  return { judged: rounds.map(({ verdicts }) => verdicts), samples: rounds[0]!.samples };
}

/** What a model says, from a fixed seed. */
function answers(
  model: Model,
  prompts: readonly EncodedPrompt[],
  tokenizer: Tokenizer,
  length: number,
  temperature: number,
): string[] {
  const texts: string[] = [];
  const random = createRandom(1);
  for (let at = 0; at < prompts.length; at += 25) {
    const ids = prompts.slice(at, at + 25).map((p) => p.ids);
    const generated = generate(model, ids, { maxNewTokens: length, temperature }, random);
    texts.push(...generated.map((g) => tokenizer.decode([...g.ids])));
  }
  return texts;
}

/** Seconds of CPU since the last call. */
function cpuClock(): () => number {
  let before = process.cpuUsage();
  return () => {
    const used = process.cpuUsage(before);
    before = process.cpuUsage();
    return (used.user + used.system) / 1e6;
  };
}

/** A sink that keeps nothing. */
export function quietSink(): RunSink {
  return {
    metric: () => undefined,
    sample: () => undefined,
    checkpoint: () => Promise.resolve(),
    stopRequested: () => false,
    log: () => undefined,
  };
}
