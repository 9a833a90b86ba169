import { setImmediate } from 'node:timers/promises';
import { createRandom, type Random } from '@qingnang/kernel';
import type {
  CheckpointState,
  EncodedExample,
  EncodedPair,
  RewardSettings,
  RunSink,
  ScoreNormalisation,
  TrainingOutcome,
} from '../interfaces.js';
import { joinRows, mapRows, type Rows } from '../data/rows.js';
import { rowOrder, type MixPart, type RowOrder, type RowPlace } from '../data/row-order.js';
import { mean, standardDeviation } from '../maths/summary.js';
import { AdamWOptimiser, type Gradients } from '../model/adamw-optimiser.js';
import { dropoutBy } from '../model/dropout.js';
import { addGradients, gradientsOf } from '../model/gradients.js';
import { lastHidden, scoreSequences } from '../model/last-token-score.js';
import { rewardScores } from '../model/forward.js';
import type { Model } from '../model/model.js';
import { savedParameters, trainable, whileLearning } from '../model/trainable.js';
import { rankingLoss, totalWeight } from './ranking-loss.js';
import { RankGroups, rewardBatch } from './reward-batch.js';
import { rewardFigures } from './reward-accuracy.js';

export interface RewardInputs {
  /** A model with a reward head, from the SFT weights; trained in place. On resume it holds the checkpoint's weights. */
  model: Model;
  pairs: Rows<EncodedPair>;
  /** How the pairs are mixed, where they are of several snapshots one after another; by default of one. */
  parts?: readonly MixPart[];
  heldOut: Rows<EncodedPair>;
  /** Whole conversations with the doctor's reply; their scores become mean 0 and standard deviation 1. */
  sftExamples: Rows<EncodedExample>;
  settings: RewardSettings;
  sink: RunSink;
  resume?: Pick<CheckpointState, 'optimiser' | 'position' | 'random'>;
}

interface RewardPosition {
  step: number;
  groups: RowPlace;
}

/** Reward model: Bradley–Terry loss on the score of the last token, all pairs of a prompt in one step. */
export async function trainReward(inputs: RewardInputs): Promise<TrainingOutcome> {
  const { model, pairs, heldOut, settings, sink, resume } = inputs;
  const from = resume?.position as unknown as RewardPosition | undefined;
  const parts = mixedGroups(pairs, inputs.parts ?? [{ rows: pairs.length, weight: 1 }]);
  const groups = joinRows(parts);
  const mix = parts.map((part, i) => ({ rows: part.length, weight: inputs.parts?.[i]?.weight ?? 1 }));
  const order = rowOrder(mix, settings.seed, from?.groups);
  const random = createRandom(resume?.random ?? settings.seed);
  const optimiser = new AdamWOptimiser(trainable(model), settings, settings.steps, resume?.optimiser);
  const save = (step: number, scoreNormalisation: ScoreNormalisation | null): Promise<void> => {
    const position: RewardPosition = { step, groups: order.state() };
    return sink.checkpoint(step, {
      kind: 'reward',
      config: model.config,
      ...savedParameters(model),
      optimiser: optimiser.state(),
      position: { ...position },
      random: random.state(),
      scoreNormalisation,
    });
  };

  let step = from?.step ?? 0;
  let trainLoss = 0;
  while (step < settings.steps) {
    const started = performance.now();
    const rate = optimiser.rate;
    const drawn = Array.from({ length: settings.accumulation }, () =>
      nextPairs(pairs, groups, order, settings.batchSize),
    );
    const { loss, tokens, gradients } = accumulate(model, drawn, settings, random);
    const norm = optimiser.update(gradients, { loss, rows: drawn.flat().map(({ chosen }) => chosen) });
    trainLoss = loss;
    step += 1;
    sink.metric(step, 'train/loss', loss);
    sink.metric(step, 'train/gradient_norm', norm);
    sink.metric(step, 'train/learning_rate', rate);
    sink.metric(step, 'tokens_per_second', (1000 * tokens) / (performance.now() - started));

    if (step % settings.evaluateEvery === 0 && step < settings.steps) {
      for (const [key, value] of Object.entries(rewardFigures(model, heldOut))) sink.metric(step, key, value);
    }
    await setImmediate(); // signals are heard between steps only
    if (step === settings.steps) break;
    if (sink.stopRequested()) {
      await save(step, null);
      optimiser.dispose();
      return { state: 'stopped', steps: step, figures: { 'train/loss': trainLoss } };
    }
    if (step % settings.checkpointEvery === 0) await save(step, null);
  }

  const figures = rewardFigures(model, heldOut);
  for (const [key, value] of Object.entries(figures)) sink.metric(step, key, value);
  const normalisation = normaliseOn(model, inputs.sftExamples);
  await save(step, normalisation);
  optimiser.dispose();
  sink.log(
    `Held-out accuracy ${percent(figures['reward/accuracy'])} of ${figures['reward/pairs']} pairs ` +
      `(the longer reply wins ${percent(figures['reward/longer_wins'])}); of like length ` +
      `${percent(figures['reward/accuracy_like_length'])} of ${figures['reward/pairs_like_length']} ` +
      `(longer wins ${percent(figures['reward/longer_wins_like_length'])}).`,
  );
  return { state: 'succeeded', steps: step, figures: { ...figures, 'train/loss': trainLoss } };
}

/** Weighted mean over all pairs of the step, gradients of the micro-batches added: equal to one big batch. */
function accumulate(
  model: Model,
  drawn: readonly EncodedPair[][],
  { centring, dropout, ...weighing }: RewardSettings,
  random: Random,
): { loss: number; tokens: number; gradients: Gradients } {
  const parts = drawn.map((pairs) => rewardBatch(pairs, weighing));
  const total = parts.reduce((sum, { pairs }) => sum + totalWeight(pairs), 0);
  let gradients: Gradients | null = null;
  let loss = 0;
  let tokens = 0;
  for (const { sequences, pairs } of parts) {
    tokens += sequences.reduce((sum, s) => sum + s.length, 0);
    const found = gradientsOf(trainable(model), () => {
      const learner = whileLearning(model, random);
      const hidden = lastHidden(learner, sequences, dropoutBy(dropout, random)); // [sequences, hidden]
      return rankingLoss(rewardScores(learner, hidden), pairs, centring, total);
    });
    loss += found.loss;
    gradients = addGradients(gradients, found.gradients);
  }
  return { loss, tokens, gradients: gradients! };
}

/** Rank groups of each snapshot apart: a prompt of two snapshots is two. */
function mixedGroups(pairs: Rows<EncodedPair>, parts: readonly MixPart[]): RankGroups[] {
  let at = 0;
  return parts.map(({ rows }) => new RankGroups(pairs, (at += rows) - rows, rows));
}

/** Whole groups until there are at least `count` pairs. */
function nextPairs(pairs: Rows<EncodedPair>, groups: Rows<number[]>, order: RowOrder, count: number): EncodedPair[] {
  const taken: EncodedPair[] = [];
  while (taken.length < count) taken.push(...groups.at(order.next())!.map((pair) => pairs.at(pair)!));
  return taken;
}

function normaliseOn(model: Model, examples: Rows<EncodedExample>): ScoreNormalisation {
  const scores = scoreSequences(
    model,
    mapRows(examples, ({ ids }) => ids),
  );
  return { mean: mean(scores), sd: standardDeviation(scores) || 1 };
}

function percent(share: number | undefined): string {
  return `${(100 * (share ?? 0)).toFixed(1)} %`;
}
