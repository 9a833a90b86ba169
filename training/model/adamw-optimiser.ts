import * as tf from '@tensorflow/tfjs';
import { DomainError } from '@qingnang/kernel';
import type { NamedWeight, OptimiserSettings, OptimiserState } from '../interfaces.js';
import { clipFactor } from '../maths/adamw.js';
import { scheduleFactor } from '../maths/schedule.js';
import { adamwUpdate } from '../ops/adamw-update.js';
import { sumOfSquares } from '../ops/sum-of-squares.js';
import { weightSource, type Parameters } from './parameters.js';

/** Gradients by parameter name; a parameter without one stays as it is. */
export type Gradients = Record<string, tf.Tensor>;

/** What an update learns from, so that a failure can name it. */
export interface LearntFrom {
  /** Loss of the whole batch. */
  loss: number;
  rows: readonly { rowId: string; ids: ArrayLike<number> }[];
}

/** Loss or gradient is no number; the weights are still those of the update before. */
export class DivergedError extends DomainError {
  constructor(
    /** From 1 on. */
    readonly update: number,
    what: 'loss' | 'gradient',
    readonly rows: LearntFrom['rows'],
  ) {
    const named = rows.slice(0, NAMED_ROWS).map(({ rowId }) => rowId);
    const more = rows.length > named.length ? ` and ${rows.length - named.length} more` : '';
    super({
      code: 'training.diverged',
      status: 500,
      detail:
        `The ${what} of update ${update} is not a finite number` +
        `${named.length > 0 ? ` (rows ${named.join(', ')}${more})` : ''}; lower learning_rate, or look at these rows.`,
      details: { update, row_ids: rows.map(({ rowId }) => rowId) },
    });
  }
}

const NAMED_ROWS = 16;

interface Moments {
  first: tf.Variable;
  second: tf.Variable;
}

/** AdamW in PyTorch's form with joint clipping and a schedule; `maths/adamw.ts` is its plain twin. */
export class AdamWOptimiser {
  private readonly moments = new Map<string, Moments>();
  private updates = 0;

  /** @param totalSteps updates of the whole run, for the schedule */
  constructor(
    private readonly parameters: Parameters,
    private readonly settings: OptimiserSettings,
    private readonly totalSteps: number,
    restored?: OptimiserState,
  ) {
    this.updates = restored?.step ?? 0;
    for (const [name, variable] of parameters) {
      const start = (kind: 'm' | 'v'): tf.Variable => {
        const data = restored?.moments.get(`${name}.${kind}`).data ?? new Float32Array(variable.size);
        return tf.tidy(() => tf.variable(tf.tensor(data.slice(), variable.shape, 'float32'), false));
      };
      this.moments.set(name, { first: start('m'), second: start('v') });
    }
  }

  get rate(): number {
    const warmup = Math.round(this.settings.warmupRatio * this.totalSteps);
    return this.settings.learningRate * scheduleFactor(this.settings.schedule, this.updates, this.totalSteps, warmup);
  }

  /**
   * One update; takes over the gradients and disposes them.
   * @returns their joint norm before clipping
   * @throws DivergedError for a loss or norm that is no finite number; nothing is changed then
   */
  update(gradients: Gradients, { loss, rows }: LearntFrom = { loss: 0, rows: [] }): number {
    const norm = jointNorm(gradients);
    if (!Number.isFinite(loss) || !Number.isFinite(norm)) {
      tf.dispose(gradients);
      throw new DivergedError(this.updates + 1, Number.isFinite(loss) ? 'gradient' : 'loss', rows);
    }
    const rate = this.rate;
    this.updates += 1;
    const factor = clipFactor(norm, this.settings.maxGradientNorm);
    for (const [name, gradient] of Object.entries(gradients)) {
      this.updateOne(name, gradient, factor, rate);
      gradient.dispose();
    }
    return norm;
  }

  private updateOne(name: string, gradient: tf.Tensor, factor: number, rate: number): void {
    const { beta1, beta2, epsilon, weightDecay } = this.settings;
    const variable = this.parameters.get(name)!;
    const { first, second } = this.moments.get(name)!;
    const decay = variable.rank > 1 ? weightDecay : 0;
    const rootCorrection = Math.sqrt(1 - beta2 ** this.updates);
    const stepSize = (rate * rootCorrection) / (1 - beta1 ** this.updates);
    adamwUpdate(variable, gradient, first, second, {
      gradientFactor: factor,
      beta1,
      beta2,
      // √(v/c2) + ε, multiplied through by √c2, so that the correction costs no pass of its own.
      epsilon: epsilon * rootCorrection,
      stepSize,
      kept: 1 - rate * decay,
    });
  }

  /** Copies, in the order of the parameters. */
  state(): OptimiserState {
    const copies = new Map<string, NamedWeight>();
    for (const [name, { first, second }] of this.moments) {
      const copy = (v: tf.Variable): NamedWeight => ({
        shape: [...v.shape],
        data: (v.dataSync() as Float32Array).slice(),
      });
      copies.set(`${name}.m`, copy(first)).set(`${name}.v`, copy(second));
    }
    return { step: this.updates, moments: weightSource(copies) };
  }

  dispose(): void {
    for (const { first, second } of this.moments.values()) tf.dispose([first, second]);
  }
}

/** Sums each tensor where it lies, and the sums in float64. */
function jointNorm(gradients: Gradients): number {
  const squares = tf.tidy(() => tf.stack(Object.values(gradients).map((g) => sumOfSquares(g))));
  const norm = Math.sqrt((squares.dataSync() as Float32Array).reduce((sum, x) => sum + x, 0));
  squares.dispose();
  return norm;
}
