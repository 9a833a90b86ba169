import { on } from 'node:events';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { UnreadableFile } from '../readers/readers.errors.js';
import { type PreparedBatch, prepareBatches, type ReadingOrder } from './prepare-batches.js';
import type { FromThread, ToThread } from './preparing.worker.js';

const THREAD = new URL('./preparing.worker.js', import.meta.url);

/**
 * The rows of a file in order, batch by batch, prepared in a thread of their own: the next ones while earlier ones are
 * being stored, and nothing else that this process does has to wait for it.
 */
export function batchesAhead(
  content: AsyncIterable<Uint8Array>,
  order: ReadingOrder,
  file: URL = THREAD,
): AsyncGenerator<PreparedBatch> {
  // Run from its sources, as by tests, there is no file that a thread could load.
  return existsSync(fileURLToPath(file)) ? batchesFrom(file, content, order) : prepareBatches(content, order);
}

async function* batchesFrom(
  file: URL,
  content: AsyncIterable<Uint8Array>,
  order: ReadingOrder,
): AsyncGenerator<PreparedBatch> {
  const thread = new Worker(file, { workerData: order });
  const tell = (message: ToThread): void => thread.postMessage(message);
  const broken = new AbortController();
  const chunks = content[Symbol.asyncIterator]();
  const feed = async (): Promise<void> => {
    const next = await chunks.next();
    tell({ bytes: next.done ? null : next.value });
  };
  thread.on('message', (message: FromThread) => {
    if ('needs' in message) void feed().catch((error: unknown) => broken.abort(error));
  });
  // What it says on its way out, when nobody listens any more, must not end this process.
  thread.on('error', () => undefined);
  thread.on('exit', () => broken.abort(new Error('The thread that prepares rows ended early.')));
  try {
    for await (const [message] of on(thread, 'message', { signal: broken.signal }) as AsyncIterable<[FromThread]>) {
      if ('ended' in message) return;
      if ('unreadable' in message) throw new UnreadableFile(...message.unreadable);
      if (!('batch' in message)) continue;
      yield message.batch;
      tell({ stored: true });
    }
  } catch (error) {
    throw error instanceof Error && error.name === 'AbortError' ? broken.signal.reason : error;
  } finally {
    thread.removeAllListeners('exit');
    await thread.terminate();
  }
}
