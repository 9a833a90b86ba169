import { setImmediate } from 'node:timers/promises';
import { DomainError, createRandom } from '@qingnang/kernel';
import type {
  CheckpointState,
  EncodedExample,
  EncodedPrompt,
  PpoSettings,
  RunSink,
  TrainingOutcome,
} from '../interfaces.js';
import { DataOrder, type DataPlace } from '../data/data-order.js';
import type { Rows } from '../data/rows.js';
import { nextKlCoefficient } from '../maths/kl.js';
import { responseKl, rolloutAdvantages } from './advantages.js';
import { learntParameters } from './policy-gradients.js';
import { PpoOptimisers } from './ppo-optimisers.js';
import { PpoProgress, type ProgressState } from './ppo-progress.js';
import { iterationMetrics, reportIteration } from './ppo-report.js';
import { collectRollout, type Rollout, type RolloutModels } from './rollout.js';
import { updatePolicy } from './update-policy.js';
import { savedWithValues } from './value-network.js';

export interface PpoInputs extends RolloutModels {
  prompts: Rows<EncodedPrompt>;
  /** For the PTX loss; may be empty while its coefficient is 0. */
  sftExamples: Rows<EncodedExample>;
  settings: PpoSettings;
  sink: RunSink;
  resume?: Pick<CheckpointState, 'optimiser' | 'position' | 'random'>;
}

interface PpoPosition {
  iteration: number;
  prompts: DataPlace;
  ptx: DataPlace | null;
  klCoefficient: number;
  progress: ProgressState;
  /** Updates of the values' own optimiser; runs of earlier versions have none. */
  valueUpdates?: number;
}

/**
 * PPO with a KL penalty to the SFT model: sample, score, estimate advantages, update, adapt the penalty.
 * `policy` is trained in place, with its value head or with the value network beside it; `reference` and `reward` stay as
 * they are. The tests `checklist-*.test.ts` have the details that matter, one by one, with their sources.
 */
export async function trainPpo(inputs: PpoInputs): Promise<TrainingOutcome> {
  const { policy, value, prompts, sftExamples, settings, sink, resume } = inputs;
  refuseSamePadAndEnd(policy.config.padTokenId, policy.config.eosTokenId);
  const from = resume?.position as unknown as PpoPosition | undefined;
  const random = createRandom(resume?.random ?? settings.seed);
  const order = new DataOrder(prompts.length, settings.seed, from?.prompts);
  const ptxOrder =
    settings.ptxCoefficient > 0 ? new DataOrder(sftExamples.length, settings.seed + 1, from?.ptx ?? undefined) : null;
  const restored = resume && { optimiser: resume.optimiser, valueUpdates: from?.valueUpdates ?? 0 };
  const optimisers = new PpoOptimisers(learntParameters(inputs), settings, restored);
  const progress = new PpoProgress(from?.progress);
  let klCoefficient = from?.klCoefficient ?? settings.klCoefficient;
  let iteration = from?.iteration ?? 0;
  const save = (): Promise<void> => {
    const { optimiser, valueUpdates } = optimisers.state();
    const position: PpoPosition = {
      iteration,
      prompts: order.state(),
      ptx: ptxOrder?.state() ?? null,
      klCoefficient,
      progress: progress.state(),
      valueUpdates,
    };
    return sink.checkpoint(iteration, {
      kind: 'causal-lm',
      config: policy.config,
      ...savedWithValues(policy, value ?? null),
      optimiser,
      position: { ...position },
      random: random.state(),
      scoreNormalisation: null,
    });
  };

  while (iteration < settings.iterations) {
    const started = performance.now();
    const chosen = order.take(settings.batchSize).map((i) => prompts.at(i)!);
    const rollout = await collectRollout(inputs, chosen, settings, random);
    const sampled = performance.now();
    const kl = responseKl(rollout);
    const fixed = rolloutAdvantages(rollout, klCoefficient, settings);
    const learningRate = optimisers.rate;
    const figures = updatePolicy(
      {
        policy,
        value,
        optimisers,
        rollout,
        fixed,
        frozen: iteration < settings.freezePolicyIterations,
        ptxRows: () => ptxOrder!.take(settings.batchSize).map((i) => sftExamples.at(i)!),
        settings,
      },
      random,
    );
    iteration += 1;
    progress.add(rollout.scores, kl);
    const timing = { rolloutMs: sampled - started, updateMs: performance.now() - sampled };
    const seen = { rollout, fixed, figures, kl, klCoefficient, learningRate, ...timing };
    reportIteration(sink, iteration, iterationMetrics(seen, settings.epochs));
    if (iteration % SAMPLE_EVERY === 0) {
      sink.sample(iteration, chosen[0]!.ids, response(rollout, 0), rollout.scores[0]!);
    }
    if (settings.klTarget !== null) {
      const controller = { target: settings.klTarget, horizon: settings.klHorizon };
      klCoefficient = nextKlCoefficient(klCoefficient, kl, settings.batchSize, controller);
    }

    await setImmediate(); // signals are heard between iterations only
    if (iteration === settings.iterations) break;
    if (sink.stopRequested()) {
      await save();
      optimisers.dispose();
      return { state: 'stopped', steps: iteration, figures: progress.figures() };
    }
    if (iteration % settings.checkpointEvery === 0) await save();
  }

  await save();
  optimisers.dispose();
  sink.log(progress.line());
  return { state: 'succeeded', steps: iteration, figures: progress.figures() };
}

/** One sampled response goes to the run's samples every so many iterations. */
const SAMPLE_EVERY = 5;

function response(rollout: Rollout, row: number): Int32Array {
  const { ids } = rollout.rows[row]!;
  return ids.subarray(ids.length - rollout.lengths[row]!);
}

function refuseSamePadAndEnd(pad: number, end: number): void {
  if (pad !== end) return;
  throw new DomainError({
    code: 'training.pad_is_end',
    status: 422,
    detail:
      'The padding token is the end token, so ending is never learnt; give the tokenizer a padding token of its own.',
  });
}
