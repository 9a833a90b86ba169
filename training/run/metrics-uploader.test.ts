import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { metricBatch, type MetricPoint } from '@qingnang/contracts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MetricsUploader } from './metrics-uploader.js';

const quick = { lingerMs: 1, firstPauseMs: 2, maxPauseMs: 8, requestMs: 500 };

let server: Server;
let platform: string;
/** What the platform does with the next requests; 200 when empty. `drop` cuts the line after taking the batch. */
let answers: (number | 'drop')[];
let requests: { url: string; token: string | undefined }[];
let stored: Map<string, number>;
let log: string[];

beforeEach(async () => {
  [answers, requests, stored, log] = [[], [], new Map(), []];
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      requests.push({ url: request.url!, token: request.headers.authorization });
      const answer = answers.shift() ?? 200;
      if (answer === 200 || answer === 'drop') {
        const { points } = metricBatch.parse(JSON.parse(Buffer.concat(chunks).toString()));
        for (const { attempt, step, key, value } of points) stored.set(`${attempt}/${step}/${key}`, value);
      }
      if (answer === 'drop') request.socket.destroy();
      else response.writeHead(answer).end('{}');
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  platform = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

const uploader = (): MetricsUploader =>
  new MetricsUploader({ platform, project: 'p 1', run: 'r', token: 'secret' }, (line) => log.push(line), quick);

function points(count: number): MetricPoint[] {
  return Array.from({ length: count }, (_v, step) => ({
    attempt: 1,
    step,
    key: 'train/loss',
    value: step / 2,
    time: '2026-01-01T00:00:00.000Z',
  }));
}

describe('the upload of metrics', () => {
  it('delivers all in batches under the run’s address and token', async () => {
    const up = uploader();
    up.add(...points(1234));
    expect(await up.close(5000)).toBe(0);
    expect(stored.size).toBe(1234);
    expect(requests.length).toBe(3);
    expect(requests[0]).toEqual({ url: '/api/v1/projects/p%201/runs/r/metrics', token: 'Bearer secret' });
  });

  it('tries again after errors, busy answers and a cut line; what came twice counts once', async () => {
    answers = [503, 429, 'drop', 500];
    const up = uploader();
    up.add(...points(10));
    expect(await up.close(5000)).toBe(0);
    expect(stored.size).toBe(10);
    expect(requests.length).toBe(5);
    expect(log).toEqual([expect.stringContaining('trying again'), expect.stringContaining('again')]);
  });

  it('gives up quietly when refused, and costs the training nothing', async () => {
    answers = [403];
    const up = uploader();
    up.add(...points(3));
    expect(await up.close(5000)).toBe(3);
    up.add(...points(3));
    expect(requests.length).toBe(1);
    expect(log.join()).toMatch(/refuses the metrics \(HTTP 403\)/);
  });

  it('does not hold up the end of a run when nobody listens', async () => {
    server.close();
    server.closeAllConnections();
    const up = uploader();
    up.add(...points(3));
    const started = Date.now();
    expect(await up.close(100)).toBe(3);
    expect(Date.now() - started).toBeLessThan(2000);
  });
});
