export const FENCE_START = '<材料>';
export const FENCE_END = '</材料>';

/** The input of a task, ready to stand in a user message. `<` is escaped, so no text inside can close the fence. */
export function fence(material: unknown): string {
  return `${FENCE_START}\n${JSON.stringify(material).replaceAll('<', '\\u003c')}\n${FENCE_END}`;
}

/**
 * What stands in the first fence of a message, not yet parsed, and everything outside it; `null` without a fence. A
 * fence opens with a JSON value, so a template may speak of `<材料>` before it.
 */
export function openFence(message: string): { inside: string; outside: string } | null {
  const start = message.search(/<材料>\s*[{[]/u);
  const end = message.indexOf(FENCE_END, start + FENCE_START.length);
  if (start === -1 || end === -1) return null;
  return {
    inside: message.slice(start + FENCE_START.length, end),
    outside: message.slice(0, start) + message.slice(end + FENCE_END.length),
  };
}
