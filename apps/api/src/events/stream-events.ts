import type { Response } from 'express';

export interface SentEvent {
  id?: string;
  event?: string;
  data: unknown;
}

const HEARTBEAT_MS = 20_000;

/**
 * Answers with a stream of server-sent events until the caller leaves or `endsAt` comes. `subscribe` is handed a
 * function that sends one and gives back how to stop. The caller comes back by itself, with Last-Event-ID.
 */
export function streamEvents(
  response: Response,
  endsAt: Date | null,
  subscribe: (send: (event: SentEvent) => void) => () => void,
): void {
  response.status(200).set({
    'Content-Type': 'text/event-stream; charset=utf-8',
    'Cache-Control': 'no-store',
    'X-Accel-Buffering': 'no',
  });
  response.flushHeaders();
  const send = ({ id, event, data }: SentEvent): void => {
    const head = `${id === undefined ? '' : `id: ${id}\n`}${event === undefined ? '' : `event: ${event}\n`}`;
    response.write(`${head}data: ${JSON.stringify(data)}\n\n`);
  };
  response.write(': open\n\n');
  const beat = setInterval(() => response.write(': still here\n\n'), HEARTBEAT_MS);
  const end = endsAt ? setTimeout(() => response.end(), Math.max(0, endsAt.getTime() - Date.now())) : undefined;
  const stop = subscribe(send);
  response.on('close', () => {
    clearInterval(beat);
    clearTimeout(end);
    stop();
  });
}
