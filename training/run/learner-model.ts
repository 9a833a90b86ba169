import type { RunConfig } from '@qingnang/contracts';
import { createRandom } from '@qingnang/kernel';
import type { ModelFolder } from '../checkpoint/model-folder.js';
import type { ResumePoint } from '../checkpoint/training-checkpoint.js';
import { InputError } from '../data/input.errors.js';
import { withLora } from '../lora/lora-adapter.js';
import type { ModelConfig } from '../interfaces.js';
import type { Model } from '../model/model.js';
import type { Head } from '../model/parameter-shapes.js';
import { disposeParameters, drawParameters, loadParameters } from '../model/parameters.js';
import { freezeParts } from '../model/trainable.js';
import { loraSettings } from './settings.js';

type Source = Pick<ModelFolder, 'config' | 'weights'>;

/** The model of a checkpoint with the head wanted; a head it lacks is drawn from the seed. */
export function modelFrom({ config, weights }: Source, head: Head, seed = 0): Model {
  return { config, parameters: loadParameters(config, weights, head, createRandom(seed)) };
}

/**
 * The model a run trains: from its checkpoint, else from the model it starts from, with what its configuration freezes and
 * the adapter it asks for. A LoRA run's checkpoint has no base, so it always starts from the same model again.
 * @throws InputError for LoRA without a model to adapt, or settings that do not fit the model
 */
export function learnerModel(
  config: RunConfig,
  start: Source | null,
  resume: Pick<ResumePoint, 'state'> | null,
  head: Head,
): Model {
  const lora = loraSettings(config);
  if (lora) {
    if (!start) throw new InputError('policy_missing', 'LoRA adapts a model that is there; name it with --policy.');
    const adapter = resume?.state.weights ?? createRandom(config.seed);
    return withLora(modelFrom(start, head, config.seed), lora, adapter);
  }
  const source = resume?.state ?? start;
  if (!source) throw new InputError('policy_missing', `${config.method} starts from a model; name it with --policy.`);
  return freezeParts(modelFrom(source, head, config.seed), config.freeze);
}

/**
 * The model that a learner began as, as it was: what the learner leaves frozen is the same tensors, in memory once.
 * @returns the model, and what frees the tensors that are its own
 */
export function referenceModel(
  { config, weights }: Source,
  { parameters: learners, frozen }: Model,
): { model: Model; dispose(): void } {
  const shared = new Map([...learners].filter(([name]) => frozen?.has(name)));
  const parameters = loadParameters(config, weights, 'none', undefined, shared);
  const own = new Map([...parameters].filter(([name]) => !shared.has(name)));
  return { model: { config, parameters }, dispose: () => disposeParameters(own) };
}

/** A model from nothing, drawn from the seed. @throws InputError when its configuration asks for an adapter */
export function freshModel(config: RunConfig, shape: ModelConfig): Model {
  if (config.lora) throw new InputError('policy_missing', 'LoRA adapts a model that is there; name it with --policy.');
  return freezeParts({ config: shape, parameters: drawParameters(shape, createRandom(config.seed)) }, config.freeze);
}
