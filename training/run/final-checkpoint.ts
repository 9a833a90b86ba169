import { cp } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { RunConfig } from '@qingnang/contracts';
import { writeFolder } from '../checkpoint/atomic-folder.js';
import { ADAPTER, openModel, openModelFile, writeModel, type ModelFolder } from '../checkpoint/model-folder.js';
import { NumberTooLargeError } from '../checkpoint/safetensors.js';
import { hashWeights } from '../checkpoint/weight-files.js';
import type { TrainingOutcome } from '../interfaces.js';
import { openAdapter } from '../lora/adapter-folder.js';
import { mergedWeights } from '../lora/merge.js';
import type { Tokenizer } from '../tokenizer/tokenizer.js';
import type { RunFolder } from './run-folder.js';

/** Where a model in another type than float32 is written, beside the checkpoints. */
const MODEL = 'model';

/** A checkpoint: path relative to the run folder, and the weights' SHA-256. */
export interface SavedCheckpoint {
  path: string;
  weightsHash: string;
}

/** What the final model is made of beside a checkpoint. */
export interface FinalParts {
  /** The model a LoRA run adapts. */
  base: ModelFolder | null;
  config: RunConfig;
  tokenizer: Tokenizer;
  log: (line: string) => void;
}

/**
 * The model a run is known by: of its last checkpoint, after an early stop the best. The adapter of a LoRA run that has
 * succeeded is merged there, so that what comes after finds a whole model; `adapter/` stays beside it. In another type than
 * float32 the model gets a folder of its own, and the checkpoint stays what a run cut off here goes on from.
 */
export async function finalCheckpoint(
  folder: RunFolder,
  { state, best }: Pick<TrainingOutcome, 'state' | 'best'>,
  last: SavedCheckpoint | null,
  parts: FinalParts,
): Promise<SavedCheckpoint | null> {
  if (state !== 'succeeded' || !last) return last;
  const path = best === undefined ? join(folder.path, last.path) : join(folder.checkpoints, `step-${best}`);
  const own = await inOwnFolder(folder, path, parts);
  if (own) return own;
  const saved = relative(folder.path, path);
  if (parts.config.lora && parts.base) {
    let weightsHash = '';
    // Whole or not at all: whoever watches the folder takes weights that are there for the run's.
    await writeFolder(path, async (target) => {
      await cp(path, target, { recursive: true });
      weightsHash = await writeModel(target, await finalModel(path, parts), parts.tokenizer);
    });
    return { path: saved, weightsHash };
  }
  return saved === last.path ? last : { path: saved, weightsHash: await hashWeights(path) };
}

/** The model in `model/`; `null` where it is to stay float32, or has a number that its type cannot hold. */
async function inOwnFolder(folder: RunFolder, path: string, parts: FinalParts): Promise<SavedCheckpoint | null> {
  const { dtype } = parts.config.save;
  if (dtype === 'float32') return null;
  let weightsHash = '';
  try {
    await writeFolder(join(folder.path, MODEL), async (target) => {
      weightsHash = await writeModel(target, await finalModel(path, parts), parts.tokenizer, { dtype });
      if (parts.config.lora) await cp(join(path, ADAPTER), join(target, ADAPTER), { recursive: true });
    });
  } catch (error) {
    // Learning is done by now: that costs the type, not the run.
    if (!(error instanceof NumberTooLargeError)) throw error;
    parts.log(`${error.message} The model of this run stays float32.`);
    return null;
  }
  parts.log(`Model written as ${dtype}.`);
  return { path: MODEL, weightsHash };
}

/** The model of a checkpoint, of a LoRA run merged with its base tensor by tensor. */
async function finalModel(path: string, { base, config }: FinalParts): Promise<Omit<ModelFolder, 'path'>> {
  if (!config.lora || !base) return openModel(path);
  const weights = mergedWeights(base, await openAdapter(join(path, ADAPTER), base.config));
  return { ...(await openModelFile(path)), weights };
}
