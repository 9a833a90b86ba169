import { setImmediate } from 'node:timers/promises';
import * as tf from '@tensorflow/tfjs';
import { createRandom, type Random } from '@qingnang/kernel';
import { BatchOrder, type BatchPlace } from '../data/batch-order.js';
import type { MixPart } from '../data/row-order.js';
import { lengthsOf, type Rows } from '../data/rows.js';
import type { CheckpointState, EncodedExample, RunSink, SftSettings, TrainingOutcome } from '../interfaces.js';
import { addOneBigramLoss } from '../maths/bigram.js';
import { AdamWOptimiser, type Gradients } from '../model/adamw-optimiser.js';
import { dropoutBy } from '../model/dropout.js';
import { addGradients, gradientsOf } from '../model/gradients.js';
import { packedBatch } from '../model/learnt-tokens.js';
import type { Model } from '../model/model.js';
import { savedParameters, trainable, whileLearning } from '../model/trainable.js';
import { nextBest, type BestSoFar } from './early-stop.js';
import { heldOutFigures, type HeldOutFigures } from './held-out-figures.js';
import { learntWeight, tokenLoss } from './token-loss.js';

export interface SftInputs {
  /** Trained in place. On resume it holds the checkpoint's weights. */
  model: Model;
  examples: Rows<EncodedExample>;
  /** How the examples are mixed, where they are of several snapshots one after another. */
  parts?: readonly MixPart[];
  /** Never trained on; measured every `evaluateEvery` steps. */
  heldOut: Rows<EncodedExample>;
  settings: SftSettings;
  sink: RunSink;
  resume?: Pick<CheckpointState, 'optimiser' | 'position' | 'random'>;
  /** Lets the model speak when it is saved; with patience only when it is the best so far. */
  showSamples?: (step: number) => void;
}

interface SftPosition {
  step: number;
  data: BatchPlace;
  startLoss: number;
  best: BestSoFar | null;
}

/** Supervised fine-tuning (or training from scratch) with loss on the doctor's tokens only. */
export async function trainSft(inputs: SftInputs): Promise<TrainingOutcome> {
  const { model, examples, heldOut, settings, sink, resume, showSamples } = inputs;
  const from = resume?.position as unknown as SftPosition | undefined;
  const parts = inputs.parts ?? [{ rows: examples.length, weight: 1 }];
  const lengths = settings.batching === 'padded' ? [] : lengthsOf(examples);
  const order = new BatchOrder({ ...settings, parts, lengths }, from?.data);
  const random = createRandom(resume?.random ?? settings.seed);
  const optimiser = new AdamWOptimiser(trainable(model), settings, settings.steps, resume?.optimiser);
  const bigram = addOneBigramLoss(examples, heldOut, model.config.vocabSize);
  const startLoss = from?.startLoss ?? heldOutFigures(model, heldOut).loss;
  let best = from?.best ?? null;
  let trainLoss = 0;
  if (!from) {
    sink.metric(0, 'eval/loss', startLoss);
    sink.metric(0, 'eval/bigram_loss', bigram);
  }
  const save = (step: number): Promise<void> => {
    const position: SftPosition = { step, data: order.state(), startLoss, best };
    return sink.checkpoint(step, {
      kind: 'causal-lm',
      config: model.config,
      ...savedParameters(model),
      optimiser: optimiser.state(),
      position: { ...position },
      random: random.state(),
      scoreNormalisation: null,
    });
  };
  // Where the best checkpoint is kept, the last samples are to be of that one.
  const speak = (step: number): void => {
    if (best === null || best.step === step) showSamples?.(step);
  };
  const evaluate = (step: number): HeldOutFigures => {
    const figures = heldOutFigures(model, heldOut);
    sink.metric(step, 'eval/loss', figures.loss);
    sink.metric(step, 'eval/perplexity', figures.perplexity);
    sink.metric(step, 'eval/token_accuracy', figures.accuracy);
    return figures;
  };

  let step = from?.step ?? 0;
  let evaluated: HeldOutFigures | null = null;
  while (step < settings.steps) {
    const started = performance.now();
    const rate = optimiser.rate;
    const batches = Array.from({ length: settings.accumulation }, () =>
      order.next().map((sequence) => sequence.map((row) => examples.at(row)!)),
    );
    const { loss, tokens, gradients } = accumulate(model, batches, settings, random);
    const norm = optimiser.update(gradients, { loss, rows: batches.flat(2) });
    trainLoss = loss;
    step += 1;
    sink.metric(step, 'train/loss', loss);
    sink.metric(step, 'train/gradient_norm', norm);
    sink.metric(step, 'train/learning_rate', rate);
    sink.metric(step, 'tokens_per_second', (1000 * tokens) / (performance.now() - started));

    const last = step === settings.steps;
    if (step % settings.evaluateEvery === 0 || last) {
      evaluated = evaluate(step);
      if (settings.patience !== null) best = nextBest(best, step, evaluated);
    }
    await setImmediate(); // signals are heard between steps only
    if (last || (best !== null && best.stale >= settings.patience!)) break;
    if (sink.stopRequested()) {
      await save(step);
      optimiser.dispose();
      return { state: 'stopped', steps: step, figures: { 'train/loss': trainLoss } };
    }
    if (step % settings.checkpointEvery === 0 || best?.step === step) {
      await save(step);
      speak(step);
    }
  }

  await save(step);
  speak(step);
  optimiser.dispose();
  const { loss, perplexity, accuracy } = best?.figures ?? evaluated ?? heldOutFigures(model, heldOut);
  const figures = {
    'train/loss': trainLoss,
    'eval/loss': loss,
    'eval/loss_start': startLoss,
    'eval/loss_fall': startLoss === 0 ? 0 : 1 - loss / startLoss,
    'eval/perplexity': perplexity,
    'eval/token_accuracy': accuracy,
    'eval/bigram_loss': bigram,
  };
  sink.log(
    `Held-out loss ${startLoss.toFixed(3)} → ${loss.toFixed(3)} nats a token${best ? ` at step ${best.step}` : ''} ` +
      `(perplexity ${perplexity.toFixed(1)}, ${(100 * accuracy).toFixed(1)} % of the tokens foretold); ` +
      `add-one bigrams ${bigram.toFixed(3)}.`,
  );
  return { state: 'succeeded', steps: step, figures, ...(best ? { best: best.step } : {}) };
}

/** Mean over the learnt tokens of all batches, gradients of the batches added: equal to one big batch. */
function accumulate(
  model: Model,
  batches: readonly EncodedExample[][][],
  { dropout, labelSmoothing }: SftSettings,
  random: Random,
): { loss: number; tokens: number; gradients: Gradients } {
  const parts = batches.map((sequences) => packedBatch(sequences, model.config.padTokenId));
  const learnt = parts.reduce((sum, part) => sum + learntWeight(part), 0);
  const learning = whileLearning(model, random);
  const options = { dropout: dropoutBy(dropout, random), labelSmoothing };
  let gradients: Gradients | null = null;
  let loss = 0;
  let tokens = 0;
  for (const part of parts) {
    tokens += part.batch.mask.reduce((sum, m) => sum + m, 0);
    const mean = (): tf.Scalar => tf.div(tokenLoss(learning, part, options), learnt || 1) as tf.Scalar;
    const found = gradientsOf(trainable(model), mean);
    loss += found.loss;
    gradients = addGradients(gradients, found.gradients);
  }
  return { loss, tokens, gradients: gradients! };
}
