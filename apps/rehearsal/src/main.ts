import { join } from 'node:path';
import { loadSettings } from '@qingnang/config';
import { announceReady, onStop } from '@qingnang/kernel';
import { startRehearsalServer } from './server.js';

/** The rehearsal model as a process of its own; what it charged is kept over restarts, like a real provider's books. */
async function main(): Promise<void> {
  const { rehearsalPort, rehearsalSeed, dataDir } = loadSettings();
  const server = await startRehearsalServer({
    host: '127.0.0.1',
    port: rehearsalPort ?? 0,
    seed: rehearsalSeed,
    stateFile: join(dataDir, 'rehearsal-charges.jsonl'),
  });
  onStop(() => server.close());
  const url = `http://127.0.0.1:${server.port}/v1`;
  process.stdout.write(`rehearsal model at ${url}\n`);
  announceReady({ url });
}

await main();
