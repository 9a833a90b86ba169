import { readdir } from 'node:fs/promises';
import { weightType } from '@qingnang/contracts';
import { selectBackend } from '../backend/select-backend.js';
import { openModel, writeModel, type ModelFolder } from '../checkpoint/model-folder.js';
import { writeFolder } from '../checkpoint/atomic-folder.js';
import { InputError } from '../data/input.errors.js';
import { openAdapter } from '../lora/adapter-folder.js';
import { mergedWeights } from '../lora/merge.js';
import { refuseOtherShapes } from '../model/parameters.js';
import { loadTokenizer } from '../tokenizer/tokenizer.js';
import { oneOf, parseArgs, required } from './arguments.js';
import { exitCodes } from './exit-codes.js';

const options = {
  base: { type: 'string' },
  adapter: { type: 'string' },
  out: { type: 'string' },
  dtype: { type: 'string', default: 'float32' },
  json: { type: 'boolean', default: false },
} as const;

/**
 * `qingnang-train merge`: one model of a base and an adapter in PEFT's layout; without one the base itself, under our names
 * and in the type asked for. @returns the exit code
 */
export async function mergeCommand(args: string[]): Promise<number> {
  const { values } = parseArgs({ args, options });
  const out = await newFolder(required(values.out, '--out'));
  const dtype = oneOf(weightType, values.dtype, '--dtype');
  const base = await openModel(required(values.base, '--base'));
  refuseOtherShapes(base.config, base.weights, base.kind === 'reward' ? 'reward' : 'none');
  const model = values.adapter === undefined ? base : await adapted(base, values.adapter);
  await selectBackend('auto');
  const tokenizer = await loadTokenizer(base.path);
  let hash = '';
  await writeFolder(out, async (folder) => {
    hash = await writeModel(folder, model, tokenizer, { dtype });
  });
  process.stdout.write(values.json ? JSON.stringify({ model: out, weights_hash: hash }) + '\n' : `${out} ${hash}\n`);
  return exitCodes.ok.code;
}

/** @throws InputError where there is something already: it would be replaced */
async function newFolder(path: string): Promise<string> {
  const names = await readdir(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw new InputError('arguments', `--out ${path} is no folder.`);
  });
  if (names.length > 0) throw new InputError('arguments', `--out ${path} holds files already; name a new folder.`);
  return path;
}

async function adapted(base: ModelFolder, path: string): Promise<ModelFolder> {
  const adapter = await openAdapter(path, base.config);
  const reward = adapter.weights.names().includes('score.weight');
  if (base.kind === 'reward' && !reward)
    throw new InputError('model_kind', `${base.path} is a reward model; the adapter was made for a language model.`);
  return { ...base, kind: reward ? 'reward' : base.kind, weights: mergedWeights(base, adapter) };
}
