/** A tree of sentences. */
export interface Messages {
  [key: string]: string | Messages;
}

/** The same tree in another language: `en` of a folder is typed by its `zh`, so no key is forgotten. */
export type SameKeys<T> = { [K in keyof T]: T[K] extends string ? string : SameKeys<T[K]> };

/** Dotted paths of all sentences. */
export function keysOf(tree: Messages, prefix = ''): string[] {
  return Object.entries(tree).flatMap(([key, value]) =>
    typeof value === 'string' ? [`${prefix}${key}`] : keysOf(value, `${prefix}${key}.`),
  );
}
