import { Logger } from 'graphile-worker';
import { Pool } from 'pg';

/** Connections of the queue. A cut one is met again, and reported, by the next statement. */
export function queuePool(url: string, max: number): Pool {
  const pool = new Pool({ connectionString: url, max });
  const ignore = (): void => undefined;
  pool.on('error', ignore);
  pool.on('connect', (client) => client.on('error', ignore));
  return pool;
}

/** The queue's own chatter is not ours: failures are reported by `onError`. */
export const silentLogger = new Logger(() => () => undefined);
