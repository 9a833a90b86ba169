import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a judge is told to say: by default the length of the response. */
export type ScoreReply = { status?: number; headers?: Record<string, string>; body?: unknown } | 'hang';

export interface ScoreServer {
  url: string;
  asked: { body: Record<string, unknown>; token: string | undefined }[];
  close(): Promise<void>;
}

/** A judge on a free port of this machine. */
export async function startScoreServer(
  reply: (body: Record<string, unknown>, nth: number) => ScoreReply = ({ response }) => ({
    body: { score: String(response).length },
  }),
): Promise<ScoreServer> {
  const asked: ScoreServer['asked'] = [];
  const server = createServer((request, response) => {
    let text = '';
    request.setEncoding('utf8').on('data', (part: string) => (text += part));
    request.on('end', () => {
      const body = JSON.parse(text) as Record<string, unknown>;
      const answer = reply(body, asked.push({ body, token: request.headers.authorization }));
      if (answer === 'hang') return;
      response.writeHead(answer.status ?? 200, answer.headers).end(JSON.stringify(answer.body ?? {}));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/judge`,
    asked,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
