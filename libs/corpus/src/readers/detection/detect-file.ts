import type { LayoutDetection } from '@qingnang/contracts';
import { MAX_ROW_CHARACTERS } from '../cutting/raw-row.js';
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
    const found = detectLayout(Buffer.concat(chunks), options);
    if (found.sampleRows.length >= ENOUGH_ROWS || length >= MOST_BYTES) return found;
    wanted = Math.min(4 * wanted, MOST_BYTES);
  }
  return detectLayout(Buffer.concat(chunks), options);
}
