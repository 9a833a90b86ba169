import { once } from 'node:events';
import { parentPort, workerData } from 'node:worker_threads';
import { UnreadableFile } from '../readers/readers.errors.js';
import { type PreparedBatch, prepareBatches, type ReadingOrder } from './prepare-batches.js';

/** What the thread is told: the next bytes of the file, null at its end, or that a batch was stored. */
export type ToThread = { bytes: Uint8Array | null } | { stored: true };

/** What the thread says: that it needs bytes, a batch, the end, or that the file cannot be read. */
export type FromThread =
  { needs: 'bytes' } | { batch: PreparedBatch } | { ended: true } | { unreadable: UnreadableFile['parts'] };

/** Batches that may be ready before the first of them is stored. */
const AHEAD = 3;

const port = parentPort!;
const say = (message: FromThread): void => port.postMessage(message);

const arrived: (Uint8Array | null)[] = [];
let ahead = 0;
port.on('message', (message: ToThread) => {
  if ('bytes' in message) arrived.push(message.bytes);
  else ahead -= 1;
});

async function* bytes(): AsyncGenerator<Uint8Array> {
  for (;;) {
    say({ needs: 'bytes' });
    while (arrived.length === 0) await once(port, 'message');
    const chunk = arrived.shift()!;
    if (chunk === null) return;
    yield chunk;
  }
}

try {
  for await (const batch of prepareBatches(bytes(), workerData as ReadingOrder)) {
    say({ batch });
    ahead += 1;
    while (ahead >= AHEAD) await once(port, 'message');
  }
  say({ ended: true });
} catch (error) {
  if (!(error instanceof UnreadableFile)) throw error;
  say({ unreadable: error.parts });
}
