/**
 * Where an error happened, without what it says: a message may quote text, and over several lines, so that cutting the
 * first line of a stack is not enough.
 */
export function stackPlaces(error: unknown): string[] {
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  const after = error instanceof Error && stack.includes(error.message) ? stack.split(error.message).at(-1)! : stack;
  return after.split('\n').filter((line) => line.startsWith('    at '));
}
