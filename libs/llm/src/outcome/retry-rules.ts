/** How often an item may be in doubt before it fails. */
export const DOUBT_LIMIT = 8;
/** Tries that ended in an error of the server or the network. */
export const FAILURE_LIMIT = 6;
/** Being told to wait is not a failure, but does not go on for ever. */
export const RATE_LIMIT_TRIES = 60;
/** Answers bought for one item before it counts as one that cannot be read. */
export const PURCHASE_LIMIT = 3;
/** Failures in a row after which a provider is left alone for a while. */
export const BREAKER_FAILURES = 5;
export const BREAKER_SECONDS = 30;

/** `<item id>.<generation>`: counted from 1. */
export function firstKey(itemId: string): string {
  return `${itemId}.1`;
}

/** How many answers were bought under keys of this item, the present one included. */
export function generationOf(key: string): number {
  return Number(key.slice(key.lastIndexOf('.') + 1));
}

/** The key of a further, deliberate purchase. */
export function nextKey(key: string): string {
  return `${key.slice(0, key.lastIndexOf('.'))}.${generationOf(key) + 1}`;
}
