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
import { DataOrder, type DataPlace } from '../maths/data-order.js';
import { nextKlCoefficient } from '../maths/kl.js';
import { explainedVariance } from '../maths/ppo-losses.js';
import { mean } from '../maths/summary.js';
import { AdamWOptimiser } from '../model/adamw-optimiser.js';
import { exportParameters } from '../model/parameters.js';
import { responseKl, rolloutAdvantages, type Advantages } from './advantages.js';
import { PpoProgress, type ProgressState } from './ppo-progress.js';
import { everyToken } from './ragged.js';
import { collectRollout, type Rollout, type RolloutModels } from './rollout.js';
import { updatePolicy, type UpdateFigures } from './update-policy.js';

export interface PpoInputs extends RolloutModels {
  prompts: readonly EncodedPrompt[];
  /** For the PTX loss; may be empty while its coefficient is 0. */
  sftExamples: readonly EncodedExample[];
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
}

/**
 * PPO with a KL penalty to the SFT model: sample, score, estimate advantages, update, adapt the penalty.
 * `policy` has a value head on the shared trunk and is trained in place; `reference` and `reward` stay as they are.
 */
export async function trainPpo(inputs: PpoInputs): Promise<TrainingOutcome> {
  const { policy, prompts, sftExamples, settings, sink, resume } = inputs;
  refuseSamePadAndEnd(policy.config.padTokenId, policy.config.eosTokenId);
  const from = resume?.position as unknown as PpoPosition | undefined;
  const random = createRandom(resume?.random ?? settings.seed);
  const order = new DataOrder(prompts.length, settings.seed, from?.prompts);
  const ptxOrder =
    settings.ptxCoefficient > 0 ? new DataOrder(sftExamples.length, settings.seed + 1, from?.ptx ?? undefined) : null;
  const updates = settings.iterations * settings.epochs * settings.miniBatches;
  const optimiser = new AdamWOptimiser(policy.parameters, settings, updates, resume?.optimiser);
  const progress = new PpoProgress(from?.progress);
  let klCoefficient = from?.klCoefficient ?? settings.klCoefficient;
  let iteration = from?.iteration ?? 0;
  const save = (): Promise<void> => {
    const position: PpoPosition = {
      iteration,
      prompts: order.state(),
      ptx: ptxOrder?.state() ?? null,
      klCoefficient,
      progress: progress.state(),
    };
    return sink.checkpoint(iteration, {
      kind: 'causal-lm',
      config: policy.config,
      weights: exportParameters(policy.parameters),
      optimiser: optimiser.state(),
      position: { ...position },
      random: random.state(),
      scoreNormalisation: null,
    });
  };

  while (iteration < settings.iterations) {
    const started = performance.now();
    const chosen = order.take(settings.batchSize).map((i) => prompts[i]!);
    const rollout = collectRollout(inputs, chosen, settings, random);
    const sampled = performance.now();
    const kl = responseKl(rollout);
    const fixed = rolloutAdvantages(rollout, klCoefficient, settings);
    const figures = updatePolicy(
      {
        policy,
        optimiser,
        rollout,
        fixed,
        frozen: iteration < settings.freezePolicyIterations,
        ptxRows: () => ptxOrder!.take(settings.batchSize).map((i) => sftExamples[i]!),
        settings,
      },
      random,
    );
    iteration += 1;
    progress.add(rollout.scores, kl);
    report(sink, iteration, { rollout, fixed, figures, kl, klCoefficient });
    const tokens = rollout.lengths.reduce((sum, n) => sum + n, 0);
    sink.metric(iteration, 'rollout/tokens_per_second', (1000 * tokens) / (sampled - started));
    sink.metric(iteration, 'tokens_per_second', (1000 * tokens) / (performance.now() - started));
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
      optimiser.dispose();
      return { state: 'stopped', steps: iteration, figures: progress.figures() };
    }
    if (iteration % settings.checkpointEvery === 0) await save();
  }

  await save();
  optimiser.dispose();
  sink.log(progress.line());
  return { state: 'succeeded', steps: iteration, figures: progress.figures() };
}

/** One sampled response goes to the run's samples every so many iterations. */
const SAMPLE_EVERY = 5;

interface Seen {
  rollout: Rollout;
  fixed: Advantages;
  figures: UpdateFigures;
  kl: number;
  klCoefficient: number;
}

function report(sink: RunSink, iteration: number, { rollout, fixed, figures, kl, klCoefficient }: Seen): void {
  const mask = everyToken(rollout.values);
  const values: Record<string, number> = {
    'ppo/score': mean(rollout.scores),
    'ppo/settled_score': mean(rollout.settled),
    'ppo/kl': kl,
    'ppo/kl_coefficient': klCoefficient,
    'ppo/entropy': rollout.entropy,
    'ppo/response_length': mean(rollout.lengths),
    'ppo/ended_by_itself': mean(rollout.endedByItself.map(Number)),
    'ppo/explained_variance': explainedVariance(rollout.values, fixed.returns, mask),
    'ppo/policy_loss': figures.policyLoss,
    'ppo/value_loss': figures.valueLoss,
    'ppo/clip_fraction': figures.clipFraction,
    'ppo/value_clip_fraction': figures.valueClipFraction,
    'ppo/approx_kl': figures.approxKl,
    'ppo/approx_kl_k3': figures.approxKl3,
    'ppo/ratio_mean': figures.ratioMean,
    'ppo/ratio_variance': figures.ratioVariance,
    'ppo/skipped_batches': figures.skipped,
    'train/gradient_norm': figures.gradientNorm,
  };
  for (const [key, value] of Object.entries(values)) sink.metric(iteration, key, value);
}

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
