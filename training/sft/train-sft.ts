import { setImmediate } from 'node:timers/promises';
import * as tf from '@tensorflow/tfjs';
import { createRandom } from '@qingnang/kernel';
import type { CheckpointState, EncodedExample, RunSink, SftSettings, TrainingOutcome } from '../interfaces.js';
import { addOneBigramLoss } from '../maths/bigram.js';
import { DataOrder, type DataPlace } from '../maths/data-order.js';
import { AdamWOptimiser, type Gradients } from '../model/adamw-optimiser.js';
import { dropoutBy } from '../model/dropout.js';
import { addGradients, gradientsOf } from '../model/gradients.js';
import { learntBatch, learntLogProbs } from '../model/learnt-tokens.js';
import type { Dropout, Model } from '../model/model.js';
import { exportParameters } from '../model/parameters.js';
import { heldOutLoss } from './held-out-loss.js';

export interface SftInputs {
  /** Trained in place. On resume it holds the checkpoint's weights. */
  model: Model;
  examples: readonly EncodedExample[];
  /** Never trained on; measured every `evaluateEvery` steps. */
  heldOut: readonly EncodedExample[];
  settings: SftSettings;
  sink: RunSink;
  resume?: Pick<CheckpointState, 'optimiser' | 'position' | 'random'>;
}

interface SftPosition {
  step: number;
  data: DataPlace;
  startLoss: number;
}

/** Supervised fine-tuning (or training from scratch) with loss on the doctor's tokens only. */
export async function trainSft(inputs: SftInputs): Promise<TrainingOutcome> {
  const { model, examples, heldOut, settings, sink, resume } = inputs;
  const from = resume?.position as unknown as SftPosition | undefined;
  const order = new DataOrder(examples.length, settings.seed, from?.data);
  const random = createRandom(resume?.random ?? settings.seed);
  const dropout = dropoutBy(settings.dropout, random);
  const optimiser = new AdamWOptimiser(model.parameters, settings, settings.steps, resume?.optimiser);
  const bigram = addOneBigramLoss(examples, heldOut, model.config.vocabSize);
  const startLoss = from?.startLoss ?? heldOutLoss(model, heldOut);
  let evaluated = startLoss;
  let trainLoss = 0;
  if (!from) {
    sink.metric(0, 'eval/loss', startLoss);
    sink.metric(0, 'eval/bigram_loss', bigram);
  }
  const save = (step: number): Promise<void> => {
    const position: SftPosition = { step, data: order.state(), startLoss };
    return sink.checkpoint(step, {
      kind: 'causal-lm',
      config: model.config,
      weights: exportParameters(model.parameters),
      optimiser: optimiser.state(),
      position: { ...position },
      random: random.state(),
      scoreNormalisation: null,
    });
  };

  let step = from?.step ?? 0;
  while (step < settings.steps) {
    const started = performance.now();
    const rate = optimiser.rate;
    const rows = order.take(settings.batchSize * settings.accumulation).map((i) => examples[i]!);
    const { loss, tokens, gradients } = accumulate(model, rows, settings.batchSize, dropout);
    const norm = optimiser.update(gradients);
    trainLoss = loss;
    step += 1;
    sink.metric(step, 'train/loss', loss);
    sink.metric(step, 'train/gradient_norm', norm);
    sink.metric(step, 'train/learning_rate', rate);
    sink.metric(step, 'tokens_per_second', (1000 * tokens) / (performance.now() - started));

    if (step % settings.evaluateEvery === 0 || step === settings.steps) {
      evaluated = heldOutLoss(model, heldOut);
      sink.metric(step, 'eval/loss', evaluated);
    }
    await setImmediate(); // signals are heard between steps only
    if (step === settings.steps) break;
    if (sink.stopRequested()) {
      await save(step);
      optimiser.dispose();
      return { state: 'stopped', steps: step, figures: { 'train/loss': trainLoss } };
    }
    if (step % settings.checkpointEvery === 0) await save(step);
  }

  await save(step);
  optimiser.dispose();
  const figures = {
    'train/loss': trainLoss,
    'eval/loss': evaluated,
    'eval/loss_start': startLoss,
    'eval/loss_fall': startLoss === 0 ? 0 : 1 - evaluated / startLoss,
    'eval/bigram_loss': bigram,
  };
  sink.log(
    `Held-out loss ${startLoss.toFixed(3)} → ${evaluated.toFixed(3)} nats a token; add-one bigrams ${bigram.toFixed(3)}.`,
  );
  return { state: 'succeeded', steps: step, figures };
}

/** Token mean over all rows, gradients of the micro-batches added: equal to one big batch. */
function accumulate(
  model: Model,
  rows: readonly EncodedExample[],
  microBatch: number,
  dropout: Dropout | undefined,
): { loss: number; tokens: number; gradients: Gradients } {
  const tokens = rows.reduce((sum, { lossMask }) => sum + lossMask.subarray(1).reduce((n, m) => n + m, 0), 0);
  let gradients: Gradients | null = null;
  let loss = 0;
  let read = 0;
  for (let at = 0; at < rows.length; at += microBatch) {
    const learnt = learntBatch(rows.slice(at, at + microBatch), model.config.padTokenId);
    read += learnt.batch.mask.reduce((sum, m) => sum + m, 0);
    const part = gradientsOf(
      model.parameters,
      () => tf.div(tf.neg(tf.sum(learntLogProbs(model, learnt, { dropout }))), Math.max(1, tokens)) as tf.Scalar,
    );
    loss += part.loss;
    gradients = addGradients(gradients, part.gradients);
  }
  return { loss, tokens: read, gradients: gradients! };
}
