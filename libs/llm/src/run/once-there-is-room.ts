import { setTimeout as sleep } from 'node:timers/promises';
import { isDiskFull } from '@qingnang/database';

const PAUSE_MS = 1_000;

/** Writes something that exists nowhere else yet; while the disk is full it is tried again and again, until the signal ends it. */
export async function onceThereIsRoom<T>(write: () => Promise<T>, signal: AbortSignal): Promise<T> {
  for (;;) {
    try {
      return await write();
    } catch (error) {
      if (!isDiskFull(error) || signal.aborted) throw error;
      await sleep(PAUSE_MS, undefined, { signal }).catch(() => undefined);
    }
  }
}
