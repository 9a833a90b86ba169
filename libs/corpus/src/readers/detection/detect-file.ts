import type { LayoutDetection } from '@qingnang/contracts';
import { MAX_ROW_CHARACTERS } from '../cutting/raw-row.js';
import { UnreadableFile } from '../readers.errors.js';
import { DETECTION_BYTES, detectLayout, type DetectionOptions } from './detect.js';

/** No row needs more: a character has four bytes at most. */
const MOST_BYTES = 4 * MAX_ROW_CHARACTERS + DETECTION_BYTES;
/** Two rows in view: the first is whole, whatever the second. */
const ENOUGH_ROWS = 2;

/** As `detectLayout`, reading on where the first record is longer than what is looked at otherwise. */
export async function detectFile(
  content: AsyncIterable<Uint8Array>,
  options: DetectionOptions & { bytes: number },
): Promise<LayoutDetection> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  let wanted = DETECTION_BYTES;
  for await (const chunk of content) {
    chunks.push(chunk);
    length += chunk.length;
    if (length < wanted) continue;
    const found = detected(Buffer.concat(chunks), options);
    if (found !== null && found.sampleRows.length >= ENOUGH_ROWS) return found;
    if (length >= MOST_BYTES) break;
    wanted = Math.min(4 * wanted, MOST_BYTES);
  }
  return detectLayout(Buffer.concat(chunks), options);
}

/** Null where no record is in view yet. */
function detected(bytes: Uint8Array, options: DetectionOptions): LayoutDetection | null {
  try {
    return detectLayout(bytes, options);
  } catch (error) {
    if (!(error instanceof UnreadableFile) || error.said.say !== 'json_no_record') throw error;
    return null;
  }
}
