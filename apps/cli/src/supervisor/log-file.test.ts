import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { LogFile } from './log-file.js';

it('a log that grows past its limit is moved aside, and the oldest is dropped', () => {
  const folder = mkdtempSync(join(tmpdir(), 'log-'));
  const log = new LogFile(join(folder, 'api.log'), 10);
  for (let n = 0; n < 9; n++) log.write(`line ${n} …\n`);
  log.close();
  expect(readdirSync(folder).sort()).toEqual(['api.log', 'api.log.1', 'api.log.2', 'api.log.3', 'api.log.4']);
  expect(readFileSync(join(folder, 'api.log'), 'utf8')).toContain('line 8');
  expect(readFileSync(join(folder, 'api.log.1'), 'utf8')).toContain('line 7');
  rmSync(folder, { recursive: true });
});
