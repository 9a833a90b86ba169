/** Names in localStorage under which screens keep a person's words that the server does not have yet. */
export function outboxPrefix(personId: string): string {
  return `qingnang.outbox.${personId}.`;
}

/** When a person signs out by their own hand: the next one at this machine must not find a patient's words. */
export function clearOutbox(personId: string, storage: Storage = window.localStorage): void {
  const names = Array.from({ length: storage.length }, (_, i) => storage.key(i) ?? '');
  for (const name of names) if (name.startsWith(outboxPrefix(personId))) storage.removeItem(name);
}
