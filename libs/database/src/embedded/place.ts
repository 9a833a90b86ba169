import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, chown, mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { DatabaseError } from '../database.errors.js';
import { type Binaries, findBinaries, shelterBinaries } from './binaries.js';
import { mayUse, serverUser, type SystemUser } from './system-user.js';

/** Where the server runs from, where its files lie, and as whom. */
export interface Place {
  user: SystemUser | null;
  binaries: Binaries;
  /** Holds `cluster/`; owned by the server's account. */
  folder: string;
}

const SHELTER = '/var/lib/qingnang';

/**
 * The data folder, unless we are root and the server's account cannot enter it (a clone in root's home):
 * then binaries and data go to /var/lib/qingnang, in a folder named by a hash of the data folder's path.
 */
export async function choosePlace(dataDir: string, shelter: string = SHELTER): Promise<Place> {
  const user = serverUser();
  if (!user && process.getuid?.() === 0) {
    throw new DatabaseError(
      'no_account',
      'PostgreSQL does not run as root and there is no account named postgres or nobody: set DATABASE_URL instead.',
    );
  }
  const binaries = findBinaries();
  const folder = await prepareFolder(join(dataDir, 'postgres'), user);
  if (mayUse(user, folder, 'write') && mayUse(user, join(binaries.bin, 'postgres'), 'execute')) {
    return { user, binaries, folder };
  }
  if (!user) throw new DatabaseError('folder', `The data folder ${dataDir} cannot be written to by this account.`);
  const name = createHash('sha256').update(dataDir).digest('hex').slice(0, 12);
  const sheltered = await prepareFolder(join(shelter, name, 'postgres'), user);
  const copies = await shelterBinaries(binaries, shelter);
  if (!mayUse(user, sheltered, 'write') || !mayUse(user, join(copies.bin, 'postgres'), 'execute')) {
    throw new DatabaseError('folder', `The account ${user.name} can enter neither ${dataDir} nor ${shelter}.`);
  }
  return { user, binaries: copies, folder: sheltered };
}

async function prepareFolder(folder: string, user: SystemUser | null): Promise<string> {
  await makePassable(dirname(folder), user);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  if (user) await chown(folder, user.uid, user.gid);
  return folder;
}

/** Folders we make on the way can be passed, not listed, by the server's account; whatever the umask says. */
async function makePassable(folder: string, user: SystemUser | null): Promise<void> {
  if (existsSync(folder)) return;
  await makePassable(dirname(folder), user);
  await mkdir(folder, { recursive: true });
  await chmod(folder, user ? 0o711 : 0o700);
}
