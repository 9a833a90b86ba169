const ALL = 'qingnang.outbox.';

function names(storage: Storage): string[] {
  return Array.from({ length: storage.length }, (_, i) => storage.key(i) ?? '');
}

/** Names in localStorage under which screens keep a person's words that the server does not have yet. */
export function outboxPrefix(personId: string): string {
  return `${ALL}${personId}.`;
}

/** How many texts wait on this device, whosever they are. */
export function textsWaiting(storage: Storage = window.localStorage): number {
  return names(storage).filter((name) => name.startsWith(ALL)).length;
}

/** When a person signs out by their own hand: the next one at this machine must not find a patient's words. */
export function clearOutbox(personId: string, storage: Storage = window.localStorage): void {
  for (const name of names(storage)) if (name.startsWith(outboxPrefix(personId))) storage.removeItem(name);
}
