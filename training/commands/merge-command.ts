import { parseArgs } from 'node:util';
import { selectBackend } from '../backend/select-backend.js';
import { openModel, writeModel } from '../checkpoint/model-folder.js';
import { writeFolder } from '../checkpoint/atomic-folder.js';
import { InputError } from '../data/input.errors.js';
import { openAdapter } from '../lora/adapter-folder.js';
import { mergedWeights } from '../lora/merge.js';
import { loadTokenizer } from '../tokenizer/tokenizer.js';
import { required } from './arguments.js';
import { exitCodes } from './exit-codes.js';

const options = {
  base: { type: 'string' },
  adapter: { type: 'string' },
  out: { type: 'string' },
  json: { type: 'boolean', default: false },
} as const;

/** `qingnang-train merge`: one model of a base and an adapter in PEFT's layout. @returns the exit code */
export async function mergeCommand(args: string[]): Promise<number> {
  const { values } = parseArgs({ args, options });
  const out = required(values.out, '--out');
  const base = await openModel(required(values.base, '--base'));
  const adapter = await openAdapter(required(values.adapter, '--adapter'), base.config);
  const reward = adapter.weights.names().includes('score.weight');
  if (base.kind === 'reward' && !reward)
    throw new InputError('model_kind', `${base.path} is a reward model; the adapter was made for a language model.`);
  await selectBackend('auto');
  const tokenizer = await loadTokenizer(base.path);
  const model = { ...base, kind: reward ? ('reward' as const) : base.kind, weights: mergedWeights(base, adapter) };
  let hash = '';
  await writeFolder(out, async (folder) => {
    hash = await writeModel(folder, model, tokenizer);
  });
  process.stdout.write(values.json ? JSON.stringify({ model: out, weights_hash: hash }) + '\n' : `${out} ${hash}\n`);
  return exitCodes.ok.code;
}
