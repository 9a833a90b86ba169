import { randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const base64Key = z.base64().transform((text) => new Uint8Array(Buffer.from(text, 'base64')));
const keysSchema = z.object({ signingKey: base64Key, encryptionKey: base64Key });

/** 32 random bytes each: one signs access tokens, one encrypts providers' keys. */
export type Keys = z.output<typeof keysSchema>;

/** Reads `keys.json` of the data folder (mode 600), making it at the first start. Losing it ends all sessions. */
export function loadKeys(dataDir: string): Keys {
  const file = join(dataDir, 'keys.json');
  try {
    return read(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const part = `${file}.${process.pid}.part`;
  const fresh = { signingKey: randomBytes(32).toString('base64'), encryptionKey: randomBytes(32).toString('base64') };
  writeFileSync(part, JSON.stringify(fresh), { mode: 0o600 });
  try {
    // A link fails where the file is there by now: of two processes that start at once, the first one's keys hold.
    linkSync(part, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(part, { force: true });
  }
  return read(file);
}

function read(file: string): Keys {
  return keysSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
}
