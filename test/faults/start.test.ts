import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { statSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Installation } from '../support/installation.js';
import { startOldPostgres } from '../support/old-postgres.js';

const installations: Installation[] = [];
function installation(env: Record<string, string> = {}): Installation {
  const made = new Installation(env);
  installations.push(made);
  return made;
}
afterEach(async () => {
  await Promise.all(installations.splice(0).map((one) => one.remove()));
});

const WAIT = { timeout: 120_000, interval: 100 };

async function ready(address: string): Promise<void> {
  const response = await fetch(`${address}/api/v1/health/ready`);
  expect(response.status).toBe(200);
}

describe('a start that cannot succeed says why in one line', () => {
  it('a taken port', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const { code, output } = await installation({ QINGNANG_PORT: String(port) }).run('up');
    expect(output).toBe(`Port ${port} on 127.0.0.1 is taken by another program. Set QINGNANG_PORT.\n`);
    expect(code).toBe(1);
    other.close();
  });

  it('an address where nobody listens', async () => {
    const { code, output } = await installation({ DATABASE_URL: 'postgres://u:secret@127.0.0.1:1/q' }).run('up');
    expect(output.split('\n').at(-2)).toBe('The database at 127.0.0.1:1/q cannot be used: nobody listens there.');
    expect(output).not.toContain('secret');
    expect(code).toBe(1);
  });

  it('an address that is none, and every other wrong setting with it', async () => {
    const { code, output } = await installation({ DATABASE_URL: 'mysql://x', QINGNANG_REFRESH_DAYS: '0' }).run('up');
    expect(output).toMatch(/DATABASE_URL must begin with postgres:.*\n.*QINGNANG_REFRESH_DAYS/);
    expect(code).toBe(1);
  });

  it('a server that is too old', async () => {
    const { url, server } = await startOldPostgres('14.11');
    const { code, output } = await installation({ DATABASE_URL: url }).run('up');
    expect(output.split('\n').at(-2)).toMatch(/^The server at .* is 14\.11; 15 or newer is needed\.$/);
    expect(code).toBe(1);
    server.close();
  });

  it('a full disk', async ({ skip }) => {
    const here = installation();
    const mount = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=32m', 'tmpfs', here.dataDir]);
    if (mount.status !== 0) skip('needs the right to mount a small file system');
    const { code, output } = await here.run('up');
    spawnSync('umount', [here.dataDir]);
    expect(output).toMatch(/^The disk is full: \d+ MB are free at .*, 200 are needed\..*\n$/);
    expect(code).toBe(1);
  });
});

describe('a running installation', () => {
  it('refuses a second start, replaces what is killed, survives its own death and stops in order', async () => {
    const here = installation();
    await here.up();
    await ready(here.address);
    expect(here.output).toContain(`first sign-in: ${here.firstLogin().login} / ${here.firstLogin().password}`);
    expect(statSync(join(here.dataDir, 'first-login')).mode & 0o777).toBe(0o600);

    const second = await here.run('up');
    expect(second.output).toMatch(new RegExp(`^Qingnang already runs here: process ${here.pid}, .*\n$`));
    expect(second.code).toBe(1);

    const reset = await here.run('reset-password', here.firstLogin().login);
    expect(reset).toMatchObject({ code: 0, output: expect.stringMatching(/^admin \/ \S{10,}\n$/) as string });
    expect((await here.run('reset-password', 'nobody')).output).toBe(
      'Nobody here signs in as nobody: check the spelling.\n',
    );
    expect((await here.run('doctor')).output).toMatch(/^ok {4}database: \d+ migrations applied, 0 to come$/m);

    const victims = (['api', 'worker', 'rehearsal', 'postgres'] as const).map(
      (name) => [name, here.pidOf(name)] as const,
    );
    for (const [, pid] of victims) process.kill(pid, 'SIGKILL');
    await vi.waitFor(() => {
      for (const [name, pid] of victims) expect(here.pidOf(name), name).not.toBe(pid);
    }, WAIT);
    await vi.waitFor(() => ready(here.address), WAIT);

    process.kill(here.pid, 'SIGKILL');
    await here.up();
    await ready(here.address);
    expect(here.output).not.toContain('first sign-in');

    expect(await here.stop('SIGINT')).toBe(0);
    await expect(fetch(here.address)).rejects.toThrow();
    expect(here.log('postgres')).toMatch(/database system is shut down\s*$/);
  });
});
