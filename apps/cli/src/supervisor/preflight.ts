import { once } from 'node:events';
import { chmod, mkdir } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Settings } from '@qingnang/config';
import { DomainError } from '@qingnang/kernel';
import { freeBytes } from '@qingnang/storage';

/** Makes the data folder and refuses a disk that is as good as full: the first start would fail half way. */
export async function prepareDataDir({ dataDir, leastFreeMb }: Settings): Promise<void> {
  const made = await mkdir(dataDir, { recursive: true, mode: 0o700 });
  // As root the database server has an account of its own, which must pass through, not look around.
  if (made && process.getuid?.() === 0) await chmod(dataDir, 0o711);
  await mkdir(join(dataDir, 'logs'), { recursive: true, mode: 0o700 });
  const free = await freeBytes(dataDir);
  if (free < leastFreeMb * 2 ** 20) {
    throw new DomainError({
      code: 'supervisor.disk_full',
      status: 507,
      detail: `The disk is full: ${Math.floor(free / 2 ** 20)} MB are free at ${dataDir}, ${leastFreeMb} are needed. Free some space or set QINGNANG_DATA_DIR.`,
      details: { free },
    });
  }
}

const PREDECESSOR_LIMIT_MS = 5_000;

/** As `reservePort`, but waits for children of a killed supervisor to notice its death and to let the port go. */
export async function inheritPort(host: string, port: number, setting: string): Promise<number> {
  for (const limit = Date.now() + PREDECESSOR_LIMIT_MS; ; await delay(50)) {
    try {
      return await reservePort(host, port, setting);
    } catch (error) {
      if (Date.now() > limit) throw error;
    }
  }
}

/** The port itself, or a free one for 0; fails in one sentence if it is taken. */
export async function reservePort(host: string, port: number, setting: string): Promise<number> {
  const server = createServer();
  try {
    await once(server.listen({ port, host, exclusive: true }), 'listening');
  } catch (error) {
    throw new DomainError({
      code: 'supervisor.port',
      status: 500,
      detail: `${portFault((error as NodeJS.ErrnoException).code, host, port)} Set ${setting}.`,
      cause: error,
    });
  }
  const { port: actual } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return actual;
}

function portFault(code: string | undefined, host: string, port: number): string {
  if (code === 'EADDRINUSE') return `Port ${port} on ${host} is taken by another program.`;
  if (code === 'EACCES') return `Port ${port} may not be used by this account.`;
  return `Nothing can listen on ${host}:${port} (${code}).`;
}

/** The port of last time if it is free, else any. */
export async function preferPort(host: string, wanted: number): Promise<number> {
  try {
    return await reservePort(host, wanted, '');
  } catch {
    return reservePort(host, 0, '');
  }
}
