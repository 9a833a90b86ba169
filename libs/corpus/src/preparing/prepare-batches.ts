import type { ReadPlan, ReadRow } from '@qingnang/contracts';
import { readRecords } from '../readers/read.js';
import { type PreparedRow, prepareRow, type RejectedRow } from './prepare-row.js';

/** Rows a transaction: large enough for speed, small enough that a kill costs a moment. */
const BATCH_ROWS = 2_000;
/** The first is small: what is wrong with a file shows at once, and so does that it is being read. */
const FIRST_BATCH_ROWS = 500;
/** Long rows make shorter batches, so that memory stays flat. */
const BATCH_CHARACTERS = 2_000_000;

/** What to read of a file. */
export interface ReadingOrder {
  plan: ReadPlan;
  /** Rows from the start that are stored already. */
  skip: number;
}

/** Running rows of a file with all that can be worked out without the database. */
export interface PreparedBatch {
  prepared: PreparedRow[];
  rejected: RejectedRow[];
}

/** The rows of a file in order, batch by batch. */
export async function* prepareBatches(
  bytes: AsyncIterable<Uint8Array>,
  { plan, skip }: ReadingOrder,
): AsyncGenerator<PreparedBatch> {
  let batch: PreparedBatch = { prepared: [], rejected: [] };
  let rows = 0;
  let characters = 0;
  let full = FIRST_BATCH_ROWS;
  let passed = 0;
  for await (const row of readRecords(bytes, plan)) {
    if (passed++ < skip) continue;
    characters += put(batch, row);
    if (++rows < full && characters < BATCH_CHARACTERS) continue;
    yield batch;
    batch = { prepared: [], rejected: [] };
    rows = characters = 0;
    full = BATCH_ROWS;
  }
  if (rows > 0) yield batch;
}

/** Returns how long the row is. */
function put(batch: PreparedBatch, row: ReadRow): number {
  if (row.kind === 'rejected') {
    batch.rejected.push(row);
    return row.raw.length;
  }
  const prepared = prepareRow(row);
  batch.prepared.push(prepared);
  return prepared.characterCount;
}
