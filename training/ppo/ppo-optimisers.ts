import type { OptimiserState, PpoSettings } from '../interfaces.js';
import { AdamWOptimiser, type Gradients, type LearntFrom } from '../model/adamw-optimiser.js';
import { weightSource, type Parameters } from '../model/parameters.js';
import { isValueName } from '../model/value-names.js';

/** State of both optimisers as a checkpoint keeps it: one source of moments, and a count of updates each. */
export interface RestoredOptimisers {
  optimiser: OptimiserState;
  valueUpdates: number;
}

/**
 * AdamW for policy and values: one optimiser with one joint norm where both learn at one rate on one trunk from the
 * start, else one each, with norms of their own.
 */
export class PpoOptimisers {
  private readonly policy: AdamWOptimiser;
  private readonly values: AdamWOptimiser | null;

  /** The values' schedule spans all iterations, the policy's those in which it learns. */
  constructor(parameters: Parameters, settings: PpoSettings, restored?: RestoredOptimisers) {
    const { valueLearningRate, valueModel, freezePolicyIterations, iterations } = settings;
    const updates = (during: number): number => during * settings.epochs * settings.miniBatches;
    // Moments of a policy that was frozen begin at 0: they must be corrected by its own count of updates.
    const apart = valueModel === 'separate' || valueLearningRate !== null || freezePolicyIterations > 0;
    const some = (values: boolean): Parameters =>
      new Map([...parameters].filter(([name]) => isValueName(name) === values));
    this.policy = new AdamWOptimiser(
      apart ? some(false) : parameters,
      settings,
      updates(iterations - freezePolicyIterations),
      restored?.optimiser,
    );
    this.values = apart
      ? new AdamWOptimiser(
          some(true),
          { ...settings, learningRate: valueLearningRate ?? settings.learningRate },
          updates(iterations),
          restored && { step: restored.valueUpdates, moments: restored.optimiser.moments },
        )
      : null;
  }

  get rate(): number {
    return this.policy.rate;
  }

  /**
   * One update of all that has a gradient: of the values alone while the policy is frozen. Takes over the gradients.
   * @param from what a failure names
   * @returns norms before clipping; where one optimiser does both, `value` is 0
   */
  update(gradients: Gradients, from: LearntFrom): { policy: number; value: number } {
    const own: Gradients = {};
    const ofValues: Gradients = {};
    for (const [name, gradient] of Object.entries(gradients)) {
      (isValueName(name) && this.values ? ofValues : own)[name] = gradient;
    }
    if (!this.values) return { policy: this.policy.update(own, from), value: 0 };
    const value = this.values.update(ofValues, from);
    const frozen = Object.keys(own).length === 0;
    return { policy: frozen ? 0 : this.policy.update(own, from), value };
  }

  /** What `RestoredOptimisers` is made of again. */
  state(): RestoredOptimisers {
    const policy = this.policy.state();
    if (!this.values) return { optimiser: policy, valueUpdates: 0 };
    const values = this.values.state();
    const both = [policy.moments, values.moments].flatMap((source) =>
      source.names().map((name) => [name, source.get(name)] as const),
    );
    return { optimiser: { step: policy.step, moments: weightSource(new Map(both)) }, valueUpdates: values.step };
  }

  dispose(): void {
    this.policy.dispose();
    this.values?.dispose();
  }
}
