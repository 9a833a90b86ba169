import { cp } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { RunConfig } from '@qingnang/contracts';
import { writeFolder } from '../checkpoint/atomic-folder.js';
import { ADAPTER, openModelFile, writeModel, type ModelFolder } from '../checkpoint/model-folder.js';
import { hashWeights } from '../checkpoint/weight-files.js';
import type { TrainingOutcome } from '../interfaces.js';
import { openAdapter } from '../lora/adapter-folder.js';
import { mergedWeights } from '../lora/merge.js';
import type { Tokenizer } from '../tokenizer/tokenizer.js';
import type { RunFolder } from './run-folder.js';

/** A checkpoint: path relative to the run folder, and the weights' SHA-256. */
export interface SavedCheckpoint {
  path: string;
  weightsHash: string;
}

/**
 * The checkpoint a run is known by: the last one, after an early stop the best. The adapter of a LoRA run that has
 * succeeded is merged there, so that what comes after finds a whole model; `adapter/` stays beside it.
 */
export async function finalCheckpoint(
  folder: RunFolder,
  { state, best }: Pick<TrainingOutcome, 'state' | 'best'>,
  last: SavedCheckpoint | null,
  { base, config, tokenizer }: { base: ModelFolder | null; config: RunConfig; tokenizer: Tokenizer },
): Promise<SavedCheckpoint | null> {
  if (state !== 'succeeded' || !last) return last;
  const path = best === undefined ? join(folder.path, last.path) : join(folder.checkpoints, `step-${best}`);
  const saved = relative(folder.path, path);
  if (config.lora && base) {
    const model = await openModelFile(path);
    const weights = mergedWeights(base, await openAdapter(join(path, ADAPTER), base.config));
    let weightsHash = '';
    // Whole or not at all: whoever watches the folder takes weights that are there for the run's.
    await writeFolder(path, async (target) => {
      await cp(path, target, { recursive: true });
      weightsHash = await writeModel(target, { ...model, weights }, tokenizer);
    });
    return { path: saved, weightsHash };
  }
  return saved === last.path ? last : { path: saved, weightsHash: await hashWeights(path) };
}
