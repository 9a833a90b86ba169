import { setImmediate } from 'node:timers/promises';
import { createRandom, type Random } from '@qingnang/kernel';
import type { CheckpointState, DpoSettings, EncodedPair, RunSink, TrainingOutcome } from '../interfaces.js';
import type { Rows } from '../data/rows.js';
import { rowOrder, type MixPart, type RowPlace } from '../data/row-order.js';
import type { PairLogProbs } from '../maths/dpo-loss.js';
import { AdamWOptimiser, type Gradients } from '../model/adamw-optimiser.js';
import { dropoutBy } from '../model/dropout.js';
import { addGradients, gradientsOf } from '../model/gradients.js';
import { learntBatch, learntLogProbs } from '../model/learnt-tokens.js';
import type { Model } from '../model/model.js';
import { savedParameters, trainable, whileLearning } from '../model/trainable.js';
import { dpoFigures, heldOutFigures } from './dpo-figures.js';
import { pairRows, type ReplyLogProbs } from './pair-log-probs.js';
import { preferenceLoss } from './preference-loss.js';

export interface DpoInputs {
  /** Trained in place. On resume it holds the checkpoint's weights. */
  policy: Model;
  /** What the model that the run began with says of the pairs. Asked once in a run: its checkpoints keep the answer. */
  askReference: () => ReferenceAnswers;
  pairs: Rows<EncodedPair>;
  /** How the pairs are mixed, where they are of several snapshots one after another; by default of one. */
  parts?: readonly MixPart[];
  /** Never trained on; measured every `evaluateEvery` steps. */
  heldOut: Rows<EncodedPair>;
  settings: DpoSettings;
  sink: RunSink;
  resume?: Pick<CheckpointState, 'optimiser' | 'position' | 'random'>;
}

/** Of each pair, and of each that is held out. */
export interface ReferenceAnswers {
  pairs: Rows<ReplyLogProbs>;
  heldOut: Rows<ReplyLogProbs>;
}

interface DpoPosition {
  step: number;
  data: RowPlace;
  /** Runs of earlier versions ask again each time they go on. */
  references?: ReferenceAnswers;
}

/** Direct preference optimisation: the pairs of a reward model, without the reward model. */
export async function trainDpo(inputs: DpoInputs): Promise<TrainingOutcome> {
  const { policy, pairs, heldOut, settings, sink, resume } = inputs;
  const from = resume?.position as unknown as DpoPosition | undefined;
  const references = from?.references ?? inputs.askReference();
  const order = rowOrder(inputs.parts ?? [{ rows: pairs.length, weight: 1 }], settings.seed, from?.data);
  const random = createRandom(resume?.random ?? settings.seed);
  const optimiser = new AdamWOptimiser(trainable(policy), settings, settings.steps, resume?.optimiser);
  const evaluate = (step: number): Record<string, number> => {
    const figures = heldOutFigures(policy, heldOut, references.heldOut, settings);
    for (const [key, value] of Object.entries(figures)) sink.metric(step, key, value);
    return figures;
  };
  const save = (step: number): Promise<void> => {
    const position: DpoPosition = { step, data: order.state(), references };
    return sink.checkpoint(step, {
      kind: 'causal-lm',
      config: policy.config,
      ...savedParameters(policy),
      optimiser: optimiser.state(),
      position: { ...position },
      random: random.state(),
      scoreNormalisation: null,
    });
  };

  let step = from?.step ?? 0;
  let figures: Record<string, number> = {};
  while (step < settings.steps) {
    const started = performance.now();
    const rate = optimiser.rate;
    const drawn = Array.from({ length: settings.batchSize * settings.accumulation }, () => order.next());
    const batch = drawn.map((i) => ({ pair: pairs.at(i)!, reference: references.pairs.at(i)! }));
    const { loss, seen, gradients } = accumulate(policy, batch, settings, random);
    const norm = optimiser.update(gradients, { loss, rows: batch.map(({ pair }) => pair.chosen) });
    step += 1;
    const now = dpoFigures(seen, settings.beta);
    figures = {
      'train/loss': loss,
      'dpo/chosen_reward': now.chosenReward,
      'dpo/rejected_reward': now.rejectedReward,
      'dpo/margin': now.margin,
      'dpo/accuracy': now.accuracy,
      'dpo/chosen_drift': now.chosenDrift,
      'dpo/rejected_drift': now.rejectedDrift,
    };
    for (const [key, value] of Object.entries(figures)) sink.metric(step, key, value);
    const tokens = batch.reduce((sum, { pair }) => sum + pair.chosen.ids.length + pair.rejected.ids.length, 0);
    sink.metric(step, 'train/gradient_norm', norm);
    sink.metric(step, 'train/learning_rate', rate);
    sink.metric(step, 'tokens_per_second', (1000 * tokens) / (performance.now() - started));

    if (step % settings.evaluateEvery === 0 && step < settings.steps) evaluate(step);
    await setImmediate(); // signals are heard between steps only
    if (step === settings.steps) break;
    if (sink.stopRequested()) {
      await save(step);
      optimiser.dispose();
      return { state: 'stopped', steps: step, figures };
    }
    if (step % settings.checkpointEvery === 0) await save(step);
  }

  figures = { ...figures, ...evaluate(step) };
  await save(step);
  optimiser.dispose();
  sink.log(
    `Held-out accuracy ${(100 * (figures['dpo/held_out_accuracy'] ?? 0)).toFixed(1)} % of ${heldOut.length} pairs; ` +
      `chosen replies moved by ${(figures['dpo/held_out_chosen_drift'] ?? 0).toFixed(3)} nats a token, ` +
      `rejected ones by ${(figures['dpo/held_out_rejected_drift'] ?? 0).toFixed(3)}.`,
  );
  return { state: 'succeeded', steps: step, figures };
}

/** A pair, and what the reference said of it. */
interface ReferencedPair {
  pair: EncodedPair;
  reference: ReplyLogProbs;
}

/** Weighted mean over all pairs of the step, gradients of the micro-batches added: equal to one big batch. */
function accumulate(
  policy: Model,
  batch: readonly ReferencedPair[],
  settings: DpoSettings,
  random: Random,
): { loss: number; seen: PairLogProbs[]; gradients: Gradients } {
  const weights = batch.reduce((sum, { pair }) => sum + pair.weight, 0);
  const seen: PairLogProbs[] = [];
  let gradients: Gradients | null = null;
  let loss = 0;
  for (let at = 0; at < batch.length; at += settings.batchSize) {
    const some = batch.slice(at, at + settings.batchSize);
    const { rows, tokens } = pairRows(some.map(({ pair }) => pair));
    const learnt = learntBatch(rows, policy.config.padTokenId);
    const judged = {
      references: some.map(({ reference }) => reference),
      tokens,
      shares: some.map(({ pair }) => pair.weight / weights),
    };
    const part = gradientsOf(trainable(policy), () => {
      const dropout = dropoutBy(settings.dropout, random);
      const logProbs = learntLogProbs(whileLearning(policy, random), learnt, { dropout });
      return preferenceLoss(logProbs, judged, settings, (pairs) => seen.push(...pairs));
    });
    loss += part.loss;
    gradients = addGradients(gradients, part.gradients);
  }
  return { loss, seen, gradients: gradients! };
}
