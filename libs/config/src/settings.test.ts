import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { definitions } from './definitions.js';
import { envExample } from './env-example.js';
import { loadKeys } from './keys.js';
import { parseSettings, repositoryRoot, SettingsError } from './settings.js';

describe('settings', () => {
  it('need nothing to be set', () => {
    const settings = parseSettings({}, '/srv/qingnang');
    expect(settings).toMatchObject({ port: 3000, host: '127.0.0.1', demo: true, dataDir: '/srv/qingnang/.qingnang' });
    expect(settings.databaseUrl).toBeUndefined();
    expect(Object.isFrozen(settings)).toBe(true);
  });

  it('name every fault at once', () => {
    const env = { QINGNANG_PORT: 'eighty', DATABASE_URL: 'mysql://x', QINGNANG_DEMO: 'perhaps', QINGNANG_PROT: '1' };
    const fault = (() => {
      try {
        return parseSettings(env);
      } catch (error) {
        return error as SettingsError;
      }
    })() as SettingsError;
    expect(fault).toBeInstanceOf(SettingsError);
    expect(fault.faults.map((line) => line.split(' ')[0])).toEqual([
      'DATABASE_URL',
      'QINGNANG_PORT',
      'QINGNANG_DEMO',
      'QINGNANG_PROT',
    ]);
  });

  it('take an empty value for none', () => {
    expect(parseSettings({ QINGNANG_PORT: '', DATABASE_URL: ' ' }).port).toBe(3000);
  });

  it('are all in .env.example, with their defaults', async () => {
    // After a change of settings: vitest -u writes the file anew.
    await expect(envExample()).toMatchFileSnapshot(join(repositoryRoot(), '.env.example'));
    for (const { env, internal } of Object.values(definitions))
      expect(envExample().includes(`# ${env}=`)).toBe(!internal);
  });
});

describe('keys', () => {
  it('are made once and closed to others', () => {
    const folder = mkdtempSync(join(tmpdir(), 'keys-'));
    const first = loadKeys(folder);
    expect(first.signingKey).toHaveLength(32);
    expect(first.encryptionKey).not.toEqual(first.signingKey);
    expect(loadKeys(folder)).toEqual(first);
    expect(statSync(join(folder, 'keys.json')).mode & 0o777).toBe(0o600);
    rmSync(folder, { recursive: true });
  });
});
