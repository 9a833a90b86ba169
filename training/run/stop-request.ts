/** Whether the run has been asked to save and end. */
export interface StopRequest {
  requested(): boolean;
  /** Stops listening, so that the process may end. */
  dispose(): void;
}

/**
 * SIGTERM and SIGINT ask once; a second SIGINT ends at once, for a person who will not wait.
 * @param withParent also when standard input closes: the process that started us is gone
 */
export function listenForStop(log: (line: string) => void, withParent: boolean): StopRequest {
  let asked = false;
  const ask = (why: string): void => {
    if (!asked) log(`${why}: saving a checkpoint, then ending.`);
    asked = true;
  };
  const onTerminate = (): void => ask('SIGTERM');
  const onInterrupt = (): void => {
    if (asked) process.exit(130);
    ask('SIGINT');
  };
  const onClose = (): void => ask('The starting process is gone');
  process.on('SIGTERM', onTerminate);
  process.on('SIGINT', onInterrupt);
  if (withParent) process.stdin.on('end', onClose).on('close', onClose).on('error', onClose).resume();
  return {
    requested: () => asked,
    dispose(): void {
      process.off('SIGTERM', onTerminate);
      process.off('SIGINT', onInterrupt);
      process.stdin.off('end', onClose).off('close', onClose).off('error', onClose);
      if (withParent) process.stdin.pause();
    },
  };
}
