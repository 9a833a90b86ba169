import { resolveRunConfig, type RunConfig, type RunRequest } from '@qingnang/contracts';
import { createRandom } from '@qingnang/kernel';
import { compareAnswers, TIE_MARGIN } from '@qingnang/llm';
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
  /** Of the held-out prompts: the judge's verdicts on sampled answers; closer than its margin is a tie. */
  judged: { ppo: number; tie: number; sft: number };
  cpuSeconds: { sft: number; reward: number; ppo: number };
  samples: { prompt: string; sft: string; ppo: string }[];
}

/** The demo preset of each method, with what a test changes. */
export function demoConfigs(change: Partial<Record<keyof DemoConfigs, Partial<RunRequest>>> = {}): DemoConfigs {
  const of = <M extends keyof DemoConfigs>(method: M): DemoConfigs[M] =>
    resolveRunConfig({ preset: 'demo-cpu', ...change[method], method }) as DemoConfigs[M];
  return { sft: of('sft'), reward: of('reward'), ppo: of('ppo') };
}

/** SFT, reward model and PPO one after another on the demo's rows, on wasm, and the judge's view of the outcome. */
export async function trainDemo(
  configs: DemoConfigs,
  sink: RunSink = quietSink(),
  judgedPrompts = 100,
): Promise<DemoResult> {
  await selectBackend('wasm');
  const rows = demoSnapshotRows(generateDemo(42));
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
    sink,
  });
  const sftWeights = exportParameters(sftModel.parameters);
  const sftSeconds = clock();

  const rewardRandom = createRandom(configs.reward.seed);
  const rewardModel: Model = { config: shape, parameters: loadParameters(shape, sftWeights, 'reward', rewardRandom) };
  let normalisation: ScoreNormalisation = { mean: 0, sd: 1 };
  const reward = await trainReward({
    model: rewardModel,
    pairs: data.pairs.train,
    heldOut: data.pairs.heldOut,
    sftExamples: data.sft.train,
    settings: rewardSettings(configs.reward),
    sink: {
      ...sink,
      checkpoint: async (step: number, state: CheckpointState) => {
        normalisation = state.scoreNormalisation ?? normalisation;
        await sink.checkpoint(step, state);
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
    sink,
  });
  const ppoSeconds = clock();

  const heldOut = data.prompts.heldOut.slice(0, judgedPrompts);
  const answers = [sftModel, policy].map((model) => answer(model, heldOut, tokenizer, configs.ppo.ppo.response_length));
  const judged = { ppo: 0, tie: 0, sft: 0 };
  const samples = heldOut.map((prompt, i) => {
    const [bySft, byPpo] = [answers[0]![i]!, answers[1]![i]!];
    const question = data.questions.get(prompt.rowId)!;
    const gap = compareAnswers(question, prompt.reference, byPpo, bySft);
    judged[Math.abs(gap) < TIE_MARGIN ? 'tie' : gap > 0 ? 'ppo' : 'sft'] += 1;
    return { prompt: question, sft: bySft, ppo: byPpo };
  });
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

/** What a model says as its server would let it: at the default temperature, from a fixed seed. */
function answer(model: Model, prompts: readonly EncodedPrompt[], tokenizer: Tokenizer, length: number): string[] {
  const texts: string[] = [];
  const random = createRandom(1);
  for (let at = 0; at < prompts.length; at += 25) {
    const ids = prompts.slice(at, at + 25).map((p) => p.ids);
    const generated = generate(model, ids, { maxNewTokens: length, temperature: SERVED_TEMPERATURE }, random);
    texts.push(...generated.map((g) => tokenizer.decode([...g.ids])));
  }
  return texts;
}

/** Default of the model server. */
const SERVED_TEMPERATURE = 0.7;

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
