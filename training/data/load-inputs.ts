import {
  preferenceRow,
  promptRow,
  sftRow,
  type DataConfig,
  type RunMethod,
  type RunResult,
  type SftRow,
  type SnapshotKind,
  type Split,
} from '@qingnang/contracts';
import type { z } from 'zod';
import type { EncodedExample, EncodedPair, EncodedPrompt } from '../interfaces.js';
import {
  encodePreferenceRow,
  encodePromptRow,
  encodeScoredRow,
  encodeSftRow,
  EncodedRows,
  type LeftOutReason,
} from './encode-rows.js';
import { IdNumbers } from './id-numbers.js';
import { InputError, NothingToDoError } from './input.errors.js';
import { RowFile } from './row-file.js';
import type { MixPart } from './row-order.js';
import { joinRows, type Rows } from './rows.js';
import { openSnapshot, readRows, type SnapshotFolder } from './snapshot-folder.js';
import type { Tokenizer } from '../tokenizer/tokenizer.js';

/** The rows of a snapshot as an algorithm takes them, and what `result.json` says about them. */
export interface LoadedRows<T> {
  train: Rows<T>;
  /** The validation split, or the test split where there is no validation: never trained on. */
  heldOut: Rows<T>;
  input: RunResult['inputs'][number];
  rehearsal: boolean;
}

const kindOf: Record<RunMethod, SnapshotKind> = {
  sft: 'sft',
  reward: 'preference',
  ppo: 'prompts',
  dpo: 'preference',
};

/**
 * Opens and verifies a snapshot for a method.
 * @param asker who needs it, for the message: by default the method
 * @throws InputError when its kind or allowed use does not fit
 */
export async function openTrainingSnapshot(
  path: string,
  method: RunMethod,
  asker: string = method,
): Promise<SnapshotFolder> {
  const snapshot = await openSnapshot(path);
  const { kind, allowed_use: uses } = snapshot.manifest;
  if (kind !== kindOf[method]) {
    throw new InputError(
      'snapshot_kind',
      `The snapshot in ${path} is of kind ${kind}; ${asker} needs one of kind ${kindOf[method]}.`,
    );
  }
  if (!uses.includes('train')) {
    throw new InputError(
      'snapshot_use',
      `The snapshot in ${path} may not be trained on (allowed: ${uses.join(', ') || 'nothing'}).`,
    );
  }
  return snapshot;
}

/** A further snapshot, and how many of its rows are drawn for one of the first. */
export interface MixSource {
  snapshot: SnapshotFolder;
  weight: number;
}

export interface LoadOptions {
  truncate?: DataConfig['truncate'];
  /** Training rows of these data sets only; `null` = of all. Held-out rows are of all. */
  dataSets?: readonly SftRow['data_set'][] | null;
  mix?: readonly MixSource[];
  /** Folder for the rows that memory does not hold; by default the system's for such things. */
  scratch?: string | undefined;
}

/** The rows of one or several snapshots. */
export interface LoadedMix<T> extends LoadedRows<T> {
  /** What `train` is made of, in order, for the order of its rows. */
  parts: MixPart[];
  /** The snapshots mixed in, as roles `mix-1`, `mix-2` … */
  mixed: RunResult['inputs'];
}

/** Conversations of one or several snapshots. */
export async function loadSft(
  snapshot: SnapshotFolder,
  tokenizer: Tokenizer,
  length: number,
  { truncate = 'drop', dataSets = null, mix = [], scratch }: LoadOptions = {},
): Promise<LoadedMix<EncodedExample>> {
  const encode = (row: SftRow): EncodedExample | LeftOutReason => encodeSftRow(tokenizer, row, length, truncate);
  const chosen = (row: SftRow): boolean => dataSets === null || dataSets.includes(row.data_set);
  return loadMix(snapshot, mix, (source) => load(source, sftRow, encode, { chosen, scratch }));
}

/**
 * Pairs, and one good reply a training prompt: what reward scores are normalised on. Pairs that are too long are left out
 * whatever `truncate` says, since the judgement was of the whole replies; the good replies may be cut.
 */
export async function loadPairs(
  snapshot: SnapshotFolder,
  tokenizer: Tokenizer,
  length: number,
  { truncate = 'drop', mix = [], scratch }: Omit<LoadOptions, 'dataSets'> = {},
): Promise<LoadedMix<EncodedPair> & { references: Rows<EncodedExample> }> {
  const references = new RowFile<EncodedExample>(scratch);
  const asked = new IdNumbers();
  for (const source of [snapshot, ...mix.map((part) => part.snapshot)]) {
    for await (const row of readRows(source, 'train', preferenceRow)) {
      // The doctor's reply where there is one, else the reply that was preferred.
      const reply = { role: 'assistant' as const, content: row.reference ?? row.chosen };
      const encoded = encodeScoredRow(tokenizer, { ...row, messages: [...row.prompt, reply] }, length, truncate);
      if (typeof encoded === 'string') continue;
      const known = asked.count;
      if (asked.of(row.prompt_id) === known) references.add(encoded);
    }
  }
  const loaded = await loadMix(snapshot, mix, (source) =>
    load(source, preferenceRow, (row) => encodePreferenceRow(tokenizer, row, length), { scratch }),
  );
  return { ...loaded, references };
}

async function loadMix<T>(
  snapshot: SnapshotFolder,
  mix: readonly MixSource[],
  read: (snapshot: SnapshotFolder) => Promise<LoadedRows<T>>,
): Promise<LoadedMix<T>> {
  const loaded: LoadedRows<T>[] = [];
  for (const source of [snapshot, ...mix.map((part) => part.snapshot)]) loaded.push(await read(source));
  return {
    train: joinRows(loaded.map(({ train }) => train)),
    heldOut: joinRows(loaded.map(({ heldOut }) => heldOut)),
    rehearsal: loaded.some(({ rehearsal }) => rehearsal),
    input: loaded[0]!.input,
    parts: loaded.map(({ train }, n) => ({ rows: train.length, weight: n === 0 ? 1 : mix[n - 1]!.weight })),
    mixed: loaded.slice(1).map(({ input }, n) => ({ ...input, role: `mix-${n + 1}` })),
  };
}

export async function loadPrompts(
  snapshot: SnapshotFolder,
  tokenizer: Tokenizer,
  length: number,
  { scratch }: Pick<LoadOptions, 'scratch'> = {},
): Promise<LoadedRows<EncodedPrompt>> {
  return load(snapshot, promptRow, (row) => encodePromptRow(tokenizer, row, length), { scratch });
}

/** A tokenizer learns from so many characters: from ten times as many it would hardly learn other merges. */
const TOKENIZER_CHARACTERS = 10_000_000;

/** Words of the training splits, each snapshot's first ones, for learning a tokenizer; held-out text stays unseen. */
export async function trainingTexts(...snapshots: SnapshotFolder[]): Promise<string[]> {
  const texts: string[] = [];
  for (const snapshot of snapshots) {
    let room = TOKENIZER_CHARACTERS / snapshots.length;
    for await (const { messages } of readRows(snapshot, 'train', sftRow)) {
      for (const { content } of messages) {
        texts.push(content);
        room -= content.length;
      }
      if (room <= 0) break;
    }
  }
  return texts;
}

async function load<Schema extends z.ZodType<{ rehearsal: boolean }>, T extends { rowId: string; cut?: number }>(
  snapshot: SnapshotFolder,
  schema: Schema,
  encode: (row: z.output<Schema>) => T | LeftOutReason,
  { chosen = () => true, scratch }: { chosen?: (row: z.output<Schema>) => boolean; scratch: string | undefined },
): Promise<LoadedRows<T>> {
  const rows: Record<string, number> = {};
  const leftOut: Record<string, number> = {};
  let cut = 0;
  let rehearsal = snapshot.manifest.rehearsal;
  const read = async (split: Split): Promise<Rows<T>> => {
    const encoded = new EncodedRows<T>(scratch);
    let count = 0;
    for await (const row of readRows(snapshot, split, schema)) {
      count++;
      rehearsal ||= row.rehearsal;
      encoded.add(split === 'train' && !chosen(row) ? 'other_data_set' : encode(row));
    }
    rows[split] = count;
    cut += encoded.cut;
    for (const [reason, n] of Object.entries(encoded.leftOut)) leftOut[reason] = (leftOut[reason] ?? 0) + n;
    return encoded.rows;
  };
  const train = await read('train');
  const validation = await read('validation');
  const heldOut = validation.length > 0 ? validation : await read('test');
  if (train.length === 0) {
    const why = Object.entries(leftOut).map(([reason, n]) => `${n} ${reason}`);
    throw new NothingToDoError(
      `No training row of the snapshot can be used (${why.join(', ') || 'the split is empty'}).`,
      leftOut,
    );
  }
  const input = { role: 'data', digest: snapshot.digest, rows, left_out: leftOut, ...(cut > 0 ? { cut } : {}) };
  return { train, heldOut, rehearsal, input };
}
