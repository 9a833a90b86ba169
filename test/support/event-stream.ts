import type { NestExpressApplication } from '@nestjs/platform-express';
import type { TestApi } from './api.js';

/** An open stream of a project's news, read as it comes. */
export interface EventStream {
  until(part: string): Promise<string>;
  /** Resolves when the server has ended it. */
  ended: Promise<void>;
  close(): void;
}

/** Follows the news of the test's project with a token or a key, at the process that is named. */
export async function openEvents(
  api: TestApi,
  token: string,
  options: { app?: NestExpressApplication; query?: string; headers?: Record<string, string> } = {},
): Promise<EventStream> {
  const { app = api.app, query = '', headers = {} } = options;
  const server = app.getHttpServer() as { listening: boolean };
  if (!server.listening) await app.listen(0, '127.0.0.1');
  const stop = new AbortController();
  const response = await fetch(`${await app.getUrl()}${api.project.path}/events${query}`, {
    headers: { authorization: `Bearer ${token}`, ...headers },
    signal: stop.signal,
  });
  if (!response.ok) throw new Error(`events: ${response.status}`);
  let text = '';
  let over = false;
  const waiting = new Set<() => void>();
  const wake = (): void => {
    for (const each of waiting) each();
    waiting.clear();
  };
  const read = async (): Promise<void> => {
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      text += next.value;
      wake();
    }
  };
  const ended = read()
    .catch(() => undefined)
    .then(() => {
      over = true;
      wake();
    });
  const until = async (part: string): Promise<string> => {
    while (!text.includes(part)) {
      if (over) throw new Error(`the stream ended before ${part}`);
      await new Promise<void>((resolve) => waiting.add(resolve));
    }
    return text;
  };
  return { until, ended, close: () => stop.abort() };
}
