// The line to the server, or the session, is there again after it had gone: what stood still goes on, and what said that
// it was away says so no more.

const listeners = new Set<() => void>();

/** Calls back each time; returns how to stop. */
export function onReturn(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function comeBack(): void {
  for (const listener of listeners) listener();
}
