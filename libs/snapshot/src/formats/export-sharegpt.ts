import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { PreferenceRow, SftRow, SnapshotManifest, Split } from '@qingnang/contracts';
import { toShareGpt } from './sharegpt.js';

/** The rows of a frozen folder, one split or all. */
async function* rowsOf(
  folder: string,
  manifest: SnapshotManifest,
  split?: Split,
): AsyncGenerator<SftRow | PreferenceRow> {
  for (const file of manifest.files) {
    if (split && file.split !== split) continue;
    const lines = createInterface({ input: createReadStream(join(folder, file.path)).pipe(createGunzip()) });
    for await (const line of lines) yield JSON.parse(line) as SftRow | PreferenceRow;
  }
}

/** A JSON array, one conversation a line, streamed. */
export function exportShareGpt(folder: string, manifest: SnapshotManifest, split?: Split): Readable {
  async function* text(): AsyncGenerator<string> {
    let separator = '[\n';
    for await (const row of rowsOf(folder, manifest, split)) {
      const written = toShareGpt(row);
      if (!written) continue;
      yield separator + JSON.stringify(written);
      separator = ',\n';
    }
    yield separator === '[\n' ? '[]\n' : '\n]\n';
  }
  return Readable.from(text());
}

/** Rows that ShareGPT cannot say, so that the person exporting knows before the loader does. */
export async function countUnwritable(folder: string, manifest: SnapshotManifest, split?: Split): Promise<number> {
  let count = 0;
  for await (const row of rowsOf(folder, manifest, split)) if (!toShareGpt(row)) count += 1;
  return count;
}
