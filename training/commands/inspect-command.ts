import {
  chatFormatName,
  dataConfig,
  preferenceRow,
  presetConfig,
  promptRow,
  sftRow,
  split as splitName,
  type ChatFormatName,
  type DataConfig,
  type RunMethod,
  type RunResult,
  type SnapshotKind,
  type Split,
} from '@qingnang/contracts';
import type { z } from 'zod';
import { InputError, NothingToDoError } from '../data/input.errors.js';
import { loadPairs, loadPrompts, loadSft, openTrainingSnapshot, trainingTexts } from '../data/load-inputs.js';
import { openSnapshot, readRows, type SnapshotFolder } from '../data/snapshot-folder.js';
import { loadTokenizer, trainTokenizer, type Tokenizer } from '../tokenizer/tokenizer.js';
import { oneOf, parseArgs, required, wholeNumber } from './arguments.js';
import { drawTokens } from './draw-tokens.js';
import { exitCodes } from './exit-codes.js';
import { viewPair, viewPrompt, viewSft, type TokenView } from './token-view.js';

const options = {
  snapshot: { type: 'string' },
  model: { type: 'string' },
  format: { type: 'string', default: 'auto' },
  truncate: { type: 'string', default: 'drop' },
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

interface Inspected {
  snapshot: SnapshotFolder;
  method: RunMethod;
  tokenizer: Tokenizer;
  length: number;
  truncate: DataConfig['truncate'];
}

interface Summary {
  kind: SnapshotKind;
  digest: string;
  sequence_length: number;
  rows: Record<string, number>;
  left_out: Record<string, number>;
  cut: number;
}

type RowCounts = Pick<RunResult['inputs'][number], 'rows' | 'left_out' | 'cut'>;

/** `qingnang-train inspect`: what training would see of a snapshot, token by token. */
export async function inspectCommand(args: string[]): Promise<number> {
  const { values } = parseArgs({ args, options });
  const folder = required(values.snapshot, '--snapshot');
  const { kind } = (await openSnapshot(folder)).manifest;
  const method = methodOf[kind];
  if (!method) throw new InputError('snapshot_kind', `A snapshot of kind ${kind} is not trained on.`);
  const format = oneOf(chatFormatName, values.format, '--format');
  const truncate = oneOf(dataConfig.shape.truncate, values.truncate, '--truncate');
  const split = oneOf(splitName, values.split, '--split');
  const snapshot = await openTrainingSnapshot(folder, method);
  const preset = presetConfig('demo-cpu', method);
  const tokenizer = await tokenizerFor(snapshot, method, values.model, format, preset.model.vocabulary_size);
  const length = values.length === undefined ? preset.sequence_length : wholeNumber(values.length, '--length');
  const inspected = { snapshot, method, tokenizer, length, truncate };
  const input = await countRows(inspected);
  const summary: Summary = {
    kind,
    digest: snapshot.digest,
    sequence_length: length,
    rows: input.rows,
    left_out: input.left_out,
    cut: input.cut ?? 0,
  };
  const examples = await viewRows(inspected, split, wholeNumber(values.rows, '--rows'));
  const drawn = (): string => examples.map((view) => '\n' + drawTokens(view, process.stdout.columns ?? 100)).join('');
  process.stdout.write(
    values.json
      ? JSON.stringify({ ...summary, examples }) + '\n'
      : `${summaryText(summary)}Tokens with a line beneath are learnt.\n${drawn()}`,
  );
  return exitCodes.ok.code;
}

function summaryText({ kind, digest, sequence_length: length, rows, left_out: leftOut, cut }: Summary): string {
  const listed = (counts: Record<string, number>): string =>
    Object.entries(counts)
      .map(([name, n]) => `${n} ${name}`)
      .join(', ') || 'none';
  return (
    `Snapshot of kind ${kind}, digest ${digest}.\n` +
    `Rows: ${listed(rows)}; left out at ${length} tokens: ${listed(leftOut)}; cut at a sentence: ${cut}.\n`
  );
}

async function tokenizerFor(
  snapshot: SnapshotFolder,
  method: RunMethod,
  model: string | undefined,
  format: ChatFormatName,
  size: number,
): Promise<Tokenizer> {
  if (model !== undefined) return loadTokenizer(model, format);
  if (method !== 'sft')
    throw new InputError(
      'arguments',
      `Name the model whose tokenizer reads a ${snapshot.manifest.kind} snapshot with --model.`,
    );
  return trainTokenizer(await trainingTexts(snapshot), size, size, format);
}

/** Of all rows, also those that are not shown. That none can be used is no failure here, it is what one looks for. */
async function countRows(inspected: Inspected): Promise<RowCounts> {
  try {
    return await loadedRows(inspected);
  } catch (error) {
    if (!(error instanceof NothingToDoError)) throw error;
    const { split } = inspected.snapshot.manifest.counts;
    return { rows: split, left_out: error.details as Record<string, number> };
  }
}

async function loadedRows({ snapshot, method, tokenizer, length, truncate }: Inspected): Promise<RowCounts> {
  if (method === 'sft') return (await loadSft(snapshot, tokenizer, length, { truncate })).input;
  if (method === 'reward') return (await loadPairs(snapshot, tokenizer, length, { truncate })).input;
  return (await loadPrompts(snapshot, tokenizer, length)).input;
}

/** The first rows of a split, those that are left out among them. */
async function viewRows(inspected: Inspected, split: Split, count: number): Promise<TokenView[]> {
  const { snapshot, method, tokenizer, length, truncate } = inspected;
  const first = async <Schema extends z.ZodType>(schema: Schema): Promise<z.output<Schema>[]> => {
    const rows: z.output<Schema>[] = [];
    if (count === 0) return rows;
    for await (const row of readRows(snapshot, split, schema)) {
      rows.push(row);
      if (rows.length === count) break;
    }
    return rows;
  };
  if (method === 'sft') return (await first(sftRow)).map((row) => viewSft(tokenizer, row, length, truncate));
  if (method === 'reward') return (await first(preferenceRow)).flatMap((row) => viewPair(tokenizer, row, length));
  return (await first(promptRow)).map((row) => viewPrompt(tokenizer, row, length));
}
