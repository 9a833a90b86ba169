import { EventParser, type ServerEvent } from './event-parser';
import { sendSignedIn } from './http';

export interface EventStreamOptions {
  onEvent: (event: ServerEvent) => void;
  onState?: (state: StreamState) => void;
  signal: AbortSignal;
}

export type StreamState = 'connecting' | 'open' | 'waiting';

const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

/**
 * Follows a stream until aborted, taking up after the last event seen when the line drops. A refusal (4xx) ends it:
 * asking again would be refused again.
 */
export async function followEvents(path: string, options: EventStreamOptions): Promise<void> {
  let lastId: string | null = null;
  let wait = FIRST_PAUSE_MS;
  while (!options.signal.aborted) {
    try {
      options.onState?.('connecting');
      const headers: Record<string, string> = { accept: 'text/event-stream' };
      if (lastId !== null) headers['last-event-id'] = lastId;
      const response = await sendSignedIn(path, { headers, signal: options.signal });
      if (!response.body) return;
      options.onState?.('open');
      const parser = new EventParser();
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
      for (let part = await reader.read(); !part.done; part = await reader.read()) {
        for (const event of parser.feed(part.value)) {
          lastId = event.id ?? lastId;
          wait = FIRST_PAUSE_MS;
          options.onEvent(event);
        }
      }
    } catch (error) {
      const status = (error as { status?: number }).status ?? 0;
      if (options.signal.aborted || (status >= 400 && status < 500)) return;
    }
    if (options.signal.aborted) return;
    options.onState?.('waiting');
    await pause(wait, options.signal);
    wait = Math.min(wait * 2, LONGEST_PAUSE_MS);
  }
}
