import { parseArgs } from 'node:util';
import { presetConfig, split as splitName, type RunMethod, type SnapshotKind } from '@qingnang/contracts';
import { InputError } from '../data/input.errors.js';
import {
  loadPairs,
  loadPrompts,
  loadSft,
  openTrainingSnapshot,
  trainingTexts,
  type LoadedRows,
} from '../data/load-inputs.js';
import { openSnapshot, type SnapshotFolder } from '../data/snapshot-folder.js';
import { loadTokenizer, trainTokenizer, type Tokenizer } from '../tokenizer/tokenizer.js';
import { exitCodes } from './exit-codes.js';
import { required, wholeNumber } from './arguments.js';
import { tokenView, type TokenView } from './token-view.js';

const options = {
  snapshot: { type: 'string' },
  model: { type: 'string' },
  split: { type: 'string', default: 'train' },
  rows: { type: 'string', default: '5' },
  length: { type: 'string' },
  json: { type: 'boolean', default: false },
} as const;

const methodOf: Record<SnapshotKind, RunMethod | null> = {
  sft: 'sft',
  preference: 'reward',
  prompts: 'ppo',
  evaluation: null,
};

/** `qingnang-train inspect`: what training would see of a snapshot, token by token. */
export async function inspectCommand(args: string[]): Promise<number> {
  const { values } = parseArgs({ args, options });
  const folder = required(values.snapshot, '--snapshot');
  const { kind } = (await openSnapshot(folder)).manifest;
  const method = methodOf[kind];
  if (!method) throw new InputError('snapshot_kind', `A snapshot of kind ${kind} is not trained on.`);
  const snapshot = await openTrainingSnapshot(folder, method);
  const preset = presetConfig('demo-cpu', method);
  const tokenizer = await tokenizerFor(snapshot, method, values.model, preset.model.vocabulary_size);
  const length = values.length === undefined ? preset.sequence_length : wholeNumber(values.length, '--length');
  const loaded = await load(snapshot, method, tokenizer, length);
  const split = splitName.safeParse(values.split);
  if (!split.success) throw new InputError('arguments', '--split wants train, validation or test.');
  const rows = (split.data === 'train' ? loaded.train : loaded.heldOut)
    .slice(0, wholeNumber(values.rows, '--rows'))
    .flatMap((row) => tokenView(tokenizer, row));
  const summary = {
    kind,
    digest: snapshot.digest,
    sequence_length: length,
    rows: loaded.input.rows,
    left_out: loaded.input.left_out,
  };
  if (values.json) process.stdout.write(JSON.stringify({ ...summary, examples: rows }) + '\n');
  else
    process.stdout.write(
      `${JSON.stringify(summary)}\nTokens in [brackets] are learnt.\n${rows.map(readable).join('')}`,
    );
  return exitCodes.ok.code;
}

async function tokenizerFor(
  snapshot: SnapshotFolder,
  method: RunMethod,
  model: string | undefined,
  size: number,
): Promise<Tokenizer> {
  if (model !== undefined) return loadTokenizer(model);
  if (method !== 'sft')
    throw new InputError(
      'arguments',
      `Name the model whose tokenizer reads a ${snapshot.manifest.kind} snapshot with --model.`,
    );
  return trainTokenizer(await trainingTexts(snapshot), size, size);
}

async function load(
  snapshot: SnapshotFolder,
  method: RunMethod,
  tokenizer: Tokenizer,
  length: number,
): Promise<LoadedRows<Parameters<typeof tokenView>[1]>> {
  if (method === 'sft') return loadSft(snapshot, tokenizer, length);
  return method === 'reward' ? loadPairs(snapshot, tokenizer, length) : loadPrompts(snapshot, tokenizer, length);
}

function readable({ row, part, tokens }: TokenView): string {
  const shown = tokens.map(({ text, learnt }) => (learnt ? `[${text}]` : text)).join('·');
  return `\n${row} (${part}, ${tokens.length} tokens)\n${shown}\n`;
}
