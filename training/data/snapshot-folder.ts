import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { SNAPSHOT_SCHEMA_VERSION, snapshotManifest, type SnapshotManifest, type Split } from '@qingnang/contracts';
import { sha256 } from '@qingnang/kernel';
import type { z } from 'zod';
import { InputError } from './input.errors.js';
import { jsonLines } from './json-lines.js';

/** A snapshot folder whose every file has been compared with its manifest. */
export interface SnapshotFolder {
  path: string;
  manifest: SnapshotManifest;
  /** SHA-256 of `manifest.json`, which names the hashes of everything else. */
  digest: string;
}

/**
 * Opens a snapshot folder and verifies the SHA-256 of each file it lists, before a single row is used.
 * @throws InputError for a missing or malformed manifest, a missing file, a hash that differs
 */
export async function openSnapshot(path: string): Promise<SnapshotFolder> {
  const bytes = await readFile(join(path, 'manifest.json')).catch((cause: unknown) => {
    throw new InputError('snapshot_missing', `No manifest.json could be read in ${path}; name the snapshot's folder.`, {
      cause: String((cause as NodeJS.ErrnoException).code),
    });
  });
  const manifest = parseManifest(bytes.toString('utf8'), path);
  for (const file of manifest.files) {
    const found = await hashOf(join(path, file.path)).catch((cause: unknown) => {
      throw new InputError(
        'snapshot_file_missing',
        `${file.path} of the manifest cannot be read; fetch the snapshot again.`,
        {
          file: file.path,
          cause: String((cause as NodeJS.ErrnoException).code),
        },
      );
    });
    if (found !== file.sha256) {
      throw new InputError(
        'snapshot_tampered',
        `${file.path} is not the file the manifest names (SHA-256 ${found.slice(0, 12)}… instead of ` +
          `${file.sha256.slice(0, 12)}…); fetch the snapshot again.`,
        { file: file.path },
      );
    }
  }
  return { path, manifest, digest: sha256(bytes) };
}

/**
 * The rows of one split in the manifest's order, each checked against the schema.
 * @throws InputError naming file, line and field; also when a file holds another number of rows than its manifest says
 */
export async function* readRows<Schema extends z.ZodType>(
  { path, manifest }: SnapshotFolder,
  split: Split,
  schema: Schema,
): AsyncGenerator<z.output<Schema>> {
  for (const file of manifest.files.filter((each) => each.split === split)) {
    let rows = 0;
    const gunzip = createGunzip();
    const reading = pipeline(createReadStream(join(path, file.path)), gunzip);
    reading.catch(() => undefined); // the same error ends the loop below
    try {
      for await (const { line, value } of jsonLines(gunzip, file.path)) {
        yield parseRow(schema, value, file.path, line);
        rows++;
      }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code?.startsWith('Z_')) throw unreadable(file.path, String(error));
      throw error;
    }
    if (rows !== file.rows) throw unreadable(file.path, `${rows} rows instead of ${file.rows}`);
  }
}

function parseManifest(text: string, path: string): SnapshotManifest {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new InputError('snapshot_manifest', `manifest.json in ${path} is not JSON; fetch the snapshot again.`);
  }
  const version = (value as { schema_version?: unknown } | null)?.schema_version;
  if (typeof version === 'number' && version > SNAPSHOT_SCHEMA_VERSION) {
    throw new InputError(
      'snapshot_newer',
      `The snapshot has schema version ${version}; this trainer reads up to ${SNAPSHOT_SCHEMA_VERSION}. Update it.`,
    );
  }
  const parsed = snapshotManifest.safeParse(value);
  if (!parsed.success) throw new InputError('snapshot_manifest', `manifest.json: ${faults(parsed.error)}.`);
  for (const file of parsed.data.files) {
    if (!/^[\w-]+(\.[\w-]+)+$/.test(file.path)) {
      throw new InputError('snapshot_manifest', 'manifest.json: files must be plain names inside the snapshot folder.');
    }
  }
  return parsed.data;
}

function parseRow<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  file: string,
  line: number,
): z.output<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new InputError('snapshot_row', `${file} line ${line}: ${faults(parsed.error)}.`, { file, line });
}

/** Which fields are wrong and how, without the values: those may be patients' words. */
function faults(error: z.ZodError): string {
  return error.issues
    .slice(0, 5)
    .map((issue) => `${issue.path.join('.') || 'row'}: ${issue.message}`)
    .join('; ');
}

function unreadable(file: string, why: string): InputError {
  return new InputError('snapshot_unreadable', `${file} cannot be read to its end: ${why}.`, { file });
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}
