import { access } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunConfig } from '@qingnang/contracts';
import { writeFolder } from '../checkpoint/atomic-folder.js';
import { writeModel } from '../checkpoint/model-folder.js';
import { trainingTexts } from '../data/load-inputs.js';
import type { SnapshotFolder } from '../data/snapshot-folder.js';
import { disposeParameters, exportParameters } from '../model/parameters.js';
import { freshModel } from '../run/learner-model.js';
import { modelConfigOf } from '../run/settings.js';
import { trainTokenizer } from '../tokenizer/tokenizer.js';

/**
 * A model drawn from the seed, with a vocabulary learnt from all training rows, as a folder that every arm starts from.
 * One that is there already is kept: it was drawn from the same seed.
 */
export async function startModel(path: string, snapshot: SnapshotFolder, config: RunConfig): Promise<string> {
  const there = await access(join(path, 'config.json')).then(
    () => true,
    () => false,
  );
  if (there) return path;
  const { vocabulary_size: vocabulary, context_length: length } = config.model;
  const tokenizer = trainTokenizer(await trainingTexts(snapshot), vocabulary, length, config.data.chat_format);
  const model = freshModel(config, modelConfigOf(config.model, tokenizer));
  const note = { rehearsal: snapshot.manifest.rehearsal, sequence_length: null, score_normalisation: null };
  const weights = exportParameters(model.parameters);
  await writeFolder(path, async (folder) => {
    await writeModel(folder, { kind: 'causal-lm', config: model.config, note, weights }, tokenizer);
  });
  disposeParameters(model.parameters);
  return path;
}
