import { setTimeout as sleep } from 'node:timers/promises';
import { isDatabaseAway, isDiskFull } from '@qingnang/database';

export interface RoomWatch {
  /** Whether there is room to write again; without it a job simply tries. */
  hasRoom?: (() => Promise<boolean>) | undefined;
  /** First pause before another look; the next ones are twice as long, up to a minute. */
  firstPauseMs?: number | undefined;
  /** Aborted when the worker stops. */
  signal: AbortSignal;
}

const FIRST_PAUSE_MS = 5_000;
const LONGEST_PAUSE_MS = 60_000;

/**
 * Does a job's work once there is room to write, and anew where the disk filled up under it, which may also take the
 * database down. A job that waits holds its place in this process and spends none of its tries: to write down that it waits
 * would need what is lacking.
 */
export async function whenThereIsRoom(work: () => Promise<void>, watch: RoomWatch): Promise<void> {
  for (let pause = watch.firstPauseMs ?? FIRST_PAUSE_MS; ; pause = Math.min(2 * pause, LONGEST_PAUSE_MS)) {
    if (await hasRoom(watch)) {
      try {
        return await work();
      } catch (error) {
        if (watch.signal.aborted || !(isDiskFull(error) || isDatabaseAway(error))) throw error;
      }
    }
    await sleep(pause, undefined, { signal: watch.signal });
  }
}

async function hasRoom({ hasRoom: look }: RoomWatch): Promise<boolean> {
  // A look that fails says nothing of the disk; the work itself will.
  return (await look?.().catch(() => true)) ?? true;
}
