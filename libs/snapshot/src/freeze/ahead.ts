/** The same values, each asked for while the one before is still being worked on. */
export async function* ahead<T>(values: AsyncIterable<T>): AsyncGenerator<T> {
  const source = values[Symbol.asyncIterator]();
  let next = askFor(source);
  try {
    for (let one = await next; !one.done; one = await next) {
      next = askFor(source);
      yield one.value;
    }
  } finally {
    // Whoever stops early waits for what is under way, so that nothing is asked of a transaction that has ended.
    await next.catch(() => undefined);
    await source.return?.();
  }
}

function askFor<T>(source: AsyncIterator<T>): Promise<IteratorResult<T>> {
  const next = source.next();
  // It may fail before anybody awaits it; who does then hears of it.
  next.catch(() => undefined);
  return next;
}
