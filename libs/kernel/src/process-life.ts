export type StopReason = 'signal' | 'parent';

/** What a child tells its supervisor once it does its work, e.g. `{ url }`. */
export interface ReadyMessage {
  ready: true;
  [detail: string]: unknown;
}

/** Tells the supervisor, if there is one, that this process now does its work. */
export function announceReady(details: Record<string, unknown> = {}): void {
  process.send?.({ ...details, ready: true } satisfies ReadyMessage);
}

/**
 * Runs `stop` once, at SIGTERM, SIGINT or when the parent process is gone, and then ends this process. A second
 * signal, or `limitMs` without an end, ends it at once with code 1.
 */
export function onStop(stop: (reason: StopReason) => Promise<void> | void, limitMs = 20_000): void {
  let stopping = false;
  const begin = (reason: StopReason): void => {
    if (stopping) {
      if (reason === 'signal') process.exit(1);
      return;
    }
    stopping = true;
    setTimeout(() => process.exit(1), limitMs).unref();
    Promise.resolve()
      .then(() => stop(reason))
      .then(
        () => process.exit(0),
        (error: unknown) => {
          process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
          process.exit(1);
        },
      );
  };
  process.on('SIGTERM', () => begin('signal'));
  process.on('SIGINT', () => begin('signal'));
  if (process.connected) process.on('disconnect', () => begin('parent'));
}
