import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lockHolder, SupervisorLock } from './lock.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lock-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('the lock of a data folder', () => {
  it('names the process and address that hold it', () => {
    SupervisorLock.take(folder, 'http://127.0.0.1:3000');
    expect(() => SupervisorLock.take(folder, 'http://127.0.0.1:3001')).toThrow(
      `Qingnang already runs here: process ${process.pid}, http://127.0.0.1:3000.`,
    );
    expect(lockHolder(folder)?.pid).toBe(process.pid);
  });

  it('is free again after release', () => {
    SupervisorLock.take(folder, 'a').release();
    expect(lockHolder(folder)).toBeNull();
    SupervisorLock.take(folder, 'b');
    expect(readdirSync(folder)).toEqual(['supervisor.lock']);
  });

  it('is taken over from a process that is gone, also if its number lives on in another', () => {
    const gone = { pid: process.pid, identity: 'an earlier boot 12', address: 'x' };
    writeFileSync(join(folder, 'supervisor.lock'), JSON.stringify(gone));
    SupervisorLock.take(folder, 'y');
    expect(lockHolder(folder)?.address).toBe('y');
  });

  it('is taken over when torn by a full disk', () => {
    writeFileSync(join(folder, 'supervisor.lock'), '{"pi');
    SupervisorLock.take(folder, 'y');
    expect(lockHolder(folder)?.address).toBe('y');
  });
});
