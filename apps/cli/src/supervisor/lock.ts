import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { DomainError } from '@qingnang/kernel';
import { processIdentity } from './process-identity.js';

const holderSchema = z.object({ pid: z.number().int(), identity: z.string(), address: z.string() });
type Holder = z.output<typeof holderSchema>;

const LOCK_FILE = 'supervisor.lock';

/** One supervisor per data folder. A lock left by a killed one is taken over. */
export class SupervisorLock {
  private constructor(
    private readonly file: string,
    /** The one before was killed, so its children may still be about to end. */
    readonly takenOver: boolean,
  ) {}

  static take(dataDir: string, address: string): SupervisorLock {
    const file = join(dataDir, LOCK_FILE);
    const part = `${file}.${process.pid}`;
    const holder: Holder = { pid: process.pid, identity: processIdentity(process.pid) ?? '', address };
    writeFileSync(part, JSON.stringify(holder), { mode: 0o600 });
    let takenOver = false;
    try {
      while (!linked(part, file)) {
        removeStale(file);
        takenOver = true;
      }
    } finally {
      rmSync(part, { force: true });
    }
    return new SupervisorLock(file, takenOver);
  }

  release(): void {
    rmSync(this.file, { force: true });
  }
}

/** A link is made whole or not at all, by one process only. */
function linked(part: string, file: string): boolean {
  try {
    linkSync(part, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** The supervisor that runs on this data folder now, if any. */
export function lockHolder(dataDir: string): Holder | null {
  const holder = readHolder(join(dataDir, LOCK_FILE));
  return holder && isThere(holder) ? holder : null;
}

const isThere = (holder: Holder): boolean => processIdentity(holder.pid) === holder.identity;

function removeStale(file: string): void {
  const holder = readHolder(file);
  if (holder && isThere(holder)) {
    throw new DomainError({
      code: 'supervisor.running',
      status: 409,
      detail: `Qingnang already runs here: process ${holder.pid}, ${holder.address}. Stop it first, or set another QINGNANG_DATA_DIR.`,
      details: { pid: holder.pid, address: holder.address },
    });
  }
  // Moved aside before it is removed: of two processes that find it stale, one moves it, the other tries again.
  const aside = `${file}.stale.${process.pid}`;
  try {
    renameSync(file, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return;
  }
  const moved = readHolder(aside);
  if (moved && moved.pid !== holder?.pid) renameSync(aside, file);
  else rmSync(aside, { force: true });
}

function readHolder(file: string): Holder | null {
  try {
    return holderSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return null;
  }
}
