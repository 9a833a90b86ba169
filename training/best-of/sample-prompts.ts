import { promptRow, type PromptRow, type Split } from '@qingnang/contracts';
import { sha256 } from '@qingnang/kernel';
import { encodePromptRow } from '../data/encode-rows.js';
import { NothingToDoError } from '../data/input.errors.js';
import { readRows, type SnapshotFolder } from '../data/snapshot-folder.js';
import type { EncodedPrompt } from '../interfaces.js';
import { mean } from '../maths/summary.js';
import type { Tokenizer } from '../tokenizer/tokenizer.js';
import { bestOfBatch, type BestOfModels, type BestOfSettings } from './best-of.js';
import { distilledRow, type DistilledRow } from './distilled-rows.js';
import { ProgressFile, writeWhole } from './progress-file.js';

/** Where samples come from, with hashes: the first part of the manifest beside the file. */
export interface Lineage {
  policy: { weights_hash: string };
  reward_model: { weights_hash: string; score_normalisation: BestOfModels['normalisation'] };
  snapshot: { digest: string; split: Split };
  settings: BestOfSettings & { prompts: number | null };
  backend: string;
  rehearsal: boolean;
}

export interface BestOfManifest extends Lineage {
  schema_version: 1;
  file: { rows: number; sha256: string };
  /** Prompts read; those without a row in the file, by reason. */
  rows: number;
  left_out: Record<string, number>;
  /** Over the rows of the file, normalised. */
  scores: { best: number; mean: number; sd: number };
}

export interface SamplePromptsOptions {
  models: BestOfModels;
  tokenizer: Tokenizer;
  snapshot: SnapshotFolder;
  lineage: Lineage;
  /** Tokens that prompt and reply may take together. */
  sequenceLength: number;
  /** Path of the file; the manifest is `<out>.manifest.json`. */
  out: string;
  stopRequested: () => boolean;
  log: (line: string) => void;
}

/** One batch of the progress file. */
interface DoneBatch {
  rows: DistilledRow[];
  left_out: Record<string, number>;
}

interface AskedPrompt {
  row: PromptRow;
  encoded: EncodedPrompt;
}

/** Prompts sampled together: enough to spread the fixed cost of a step, few enough to lose little to a kill. */
const PROMPTS_AT_ONCE = 4;

/**
 * Best of n for every prompt of a split, written as one file in the order of the snapshot, whole or not at all. Cut off, the
 * same call goes on with the batch it was at and ends in the same bytes.
 * @returns the manifest, or `null` when it was asked to stop before the end
 * @throws NothingToDoError when no prompt fits or none got a whole reply
 */
export async function samplePrompts(options: SamplePromptsOptions): Promise<BestOfManifest | null> {
  const { lineage, out, log } = options;
  const { prompts, leftOut, read } = await readPrompts(options);
  const progress = await ProgressFile.open<DoneBatch>(`${out}.partial`, lineage);
  const batches = Math.ceil(prompts.length / PROMPTS_AT_ONCE);
  if (progress.done.length > 0) log(`Going on after ${progress.done.length} of ${batches} batches.`);
  for (let batch = progress.done.length; batch < batches; batch++) {
    if (options.stopRequested()) return null;
    const some = prompts.slice(batch * PROMPTS_AT_ONCE, (batch + 1) * PROMPTS_AT_ONCE);
    await progress.add(sampleBatch(options, some, batch));
    log(`${Math.min(prompts.length, (batch + 1) * PROMPTS_AT_ONCE)} of ${prompts.length} prompts.`);
    // Signals are heard between batches only.
    await new Promise((resolve) => setImmediate(resolve));
  }
  for (const batch of progress.done) for (const [why, n] of Object.entries(batch.left_out)) count(leftOut, why, n);
  const rows = progress.done.flatMap((batch) => batch.rows);
  if (rows.length === 0) {
    const why = Object.entries(leftOut).map(([reason, n]) => `${n} ${reason}`);
    throw new NothingToDoError(`No prompt got a reply to keep (${why.join(', ') || 'the split is empty'}).`, leftOut);
  }
  const content = rows.map((row) => JSON.stringify(row) + '\n').join('');
  const manifest: BestOfManifest = {
    schema_version: 1,
    ...lineage,
    file: { rows: rows.length, sha256: sha256(content) },
    rows: read,
    left_out: leftOut,
    scores: {
      best: mean(rows.map((row) => row.best_of.score)),
      mean: mean(rows.map((row) => row.best_of.mean)),
      sd: mean(rows.map((row) => row.best_of.sd)),
    },
  };
  // The manifest first: a file without one would have no lineage.
  await writeWhole(`${out}.manifest.json`, JSON.stringify(manifest, null, 2) + '\n');
  await writeWhole(out, content);
  await progress.remove();
  return manifest;
}

function sampleBatch(
  { models, tokenizer, lineage }: SamplePromptsOptions,
  asked: readonly AskedPrompt[],
  batch: number,
): DoneBatch {
  const done: DoneBatch = { rows: [], left_out: {} };
  const encoded = asked.map((prompt) => prompt.encoded);
  const reply = (ids: Int32Array): string => tokenizer.decode([...ids]).trim();
  const isWhole = (ids: Int32Array): boolean => !/^$|\uFFFD/u.test(reply(ids));
  bestOfBatch(models, encoded, lineage.settings, batch, isWhole).forEach((best, i) => {
    if (!best) return count(done.left_out, 'no_whole_reply');
    const { row } = asked[i]!;
    done.rows.push(distilledRow(row, reply(best.ids), best, lineage.rehearsal || row.rehearsal));
  });
  return done;
}

async function readPrompts({
  tokenizer,
  snapshot,
  lineage,
  sequenceLength,
}: SamplePromptsOptions): Promise<{ prompts: AskedPrompt[]; leftOut: Record<string, number>; read: number }> {
  const { maxNewTokens, prompts: most } = lineage.settings;
  const prompts: AskedPrompt[] = [];
  const leftOut: Record<string, number> = {};
  let read = 0;
  for await (const row of readRows(snapshot, lineage.snapshot.split, promptRow)) {
    if (most !== null && read >= most) break;
    read++;
    const encoded = encodePromptRow(tokenizer, row, sequenceLength - maxNewTokens);
    if (typeof encoded === 'string') count(leftOut, encoded);
    else prompts.push({ row, encoded });
  }
  return { prompts, leftOut, read };
}

function count(counts: Record<string, number>, reason: string, n = 1): void {
  counts[reason] = (counts[reason] ?? 0) + n;
}
