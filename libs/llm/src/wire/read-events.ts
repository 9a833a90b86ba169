import { ChunkReader, type ReadDocument } from '../answer/read-completion.js';

/**
 * Puts together what a server sent as events, whether it was asked to or knows no other way. `cut`: the events ended
 * before the server had said that this is all.
 */
export function readEvents(body: string): ReadDocument | { kind: 'cut' } {
  const reader = new ChunkReader();
  let done = false;
  for (const data of dataOf(body)) {
    if (data === '[DONE]') {
      done = true;
      break;
    }
    const other = reader.add(parsed(data));
    if (other?.kind === 'error') return other;
  }
  if (!done && !reader.ended) return { kind: 'cut' };
  return { kind: 'completion', completion: reader.completion() };
}

/** The data of each event, its lines joined; comments and names of events are left out. */
function dataOf(body: string): string[] {
  return body
    .split(/\r?\n\r?\n/u)
    .map((event) =>
      event
        .split(/\r?\n/u)
        .filter((line) => line.startsWith('data:'))
        .map((line) => line.slice(5).replace(/^ /u, ''))
        .join('\n')
        .trim(),
    )
    .filter((data) => data !== '');
}

function parsed(data: string): unknown {
  try {
    return JSON.parse(data) as unknown;
  } catch {
    return undefined;
  }
}
