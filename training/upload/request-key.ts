import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { canonicalJson, sha256, uuidv7 } from '@qingnang/kernel';

/** The idempotency key of a request. */
export interface RequestKey {
  key: string;
  /** Whether an earlier call has made it and may have sent it. */
  before: boolean;
  /** Once the answer is written down. */
  forget(): Promise<void>;
}

/**
 * The key of a request, on disk before the request is sent: whoever is killed between asking and writing the answer down
 * asks again with the same key, and is answered with what was made then. Another request has another file.
 */
export async function keepRequestKey(folder: string, request: unknown): Promise<RequestKey> {
  const path = join(folder, `asked-${sha256(canonicalJson(request)).slice(0, 16)}`);
  const forget = (): Promise<void> => rm(path, { force: true });
  const found = (await readFile(path, 'utf8').catch(() => '')).trim();
  if (found !== '') return { key: found, before: true, forget };
  const key = uuidv7();
  await mkdir(folder, { recursive: true });
  const file = await open(path + '.new', 'w', 0o600);
  try {
    await file.writeFile(key + '\n');
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(path + '.new', path);
  return { key, before: false, forget };
}
