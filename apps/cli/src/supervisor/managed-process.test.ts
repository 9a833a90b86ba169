import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ManagedProcess } from './managed-process.js';

const WAIT = { timeout: 120_000 };

let folder: string;
let managed: ManagedProcess | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'child-'));
});
afterEach(async () => {
  managed?.kill();
  await managed?.stop();
  managed = undefined;
  rmSync(folder, { recursive: true });
});

function child(program: string): ManagedProcess {
  const file = join(folder, 'child.mjs');
  writeFileSync(file, program);
  const plan = { name: 'child', command: [file], environment: () => ({ PATH: '/usr/bin' }), stopLimitMs: 5_000 };
  managed = new ManagedProcess({ ...plan, logFile: join(folder, 'child.log') });
  return managed;
}

const LIVES = `console.log('at work'); process.on('disconnect', () => process.exit(0)); process.send({ ready: true });`;

describe('a managed process', () => {
  it('is started again when it falls, and its words are kept', async () => {
    const process_ = child(LIVES);
    await process_.start();
    const first = process_.pid!;
    process.kill(first, 'SIGKILL');
    await vi.waitFor(() => {
      const log = readFileSync(join(folder, 'child.log'), 'utf8');
      expect(log.match(/at work/g)).toHaveLength(2);
      expect(log).toContain('ended (SIGKILL)');
    }, WAIT);
    expect(process_.pid).not.toBe(first);
    expect(process_.restarts).toBe(1);
  });

  it('fails the start with its last words if it falls time and again before it is ready', async () => {
    await expect(child(`throw new Error('no such table');`).start()).rejects.toThrow(
      /^The child does not start \(exit code 1\): Error: no such table; see .*child.log\.$/,
    );
  });

  it('is killed if it does not heed the wish to stop', async () => {
    const file = join(folder, 'deaf.mjs');
    writeFileSync(file, `process.on('SIGTERM', () => {}); setInterval(() => {}, 1000); process.send({ ready: true });`);
    const plan = { name: 'deaf', command: [file], environment: () => ({}), logFile: join(folder, 'deaf.log') };
    const deaf = new ManagedProcess({ ...plan, stopLimitMs: 50 });
    await deaf.start();
    const pid = deaf.pid!;
    await deaf.stop();
    expect(() => process.kill(pid, 0)).toThrow();
  });
});
