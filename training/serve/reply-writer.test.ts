import { Writable } from 'node:stream';
import type { ServerResponse } from 'node:http';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { GenerationRequest } from './generation-request.js';
import { OpenAiError } from './openai-error.js';
import { completionShape } from './reply-shapes.js';
import { ReplyWriter } from './reply-writer.js';

/** A response whose reader takes nothing until told to. */
class SlowResponse extends Writable {
  readonly chunks: string[] = [];
  headersSent = false;
  private accept: (() => void) | null = null;
  private eager = false;

  constructor() {
    super({ highWaterMark: 200 });
  }

  writeHead(): this {
    this.headersSent = true;
    return this;
  }

  flushHeaders(): void {}

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.chunks.push(chunk.toString());
    if (this.eager) done();
    else this.accept = done;
  }

  /** From now on everything is taken at once. */
  read(): void {
    this.eager = true;
    this.accept?.();
  }
}

const request = { model: 'm', stream: true, alternatives: null, includeUsage: true } as GenerationRequest;
const spell = (id: number) => ({ text: String(id), bytes: null });

function open(response: SlowResponse, choices = 1): ReplyWriter {
  const writer = new ReplyWriter(response as unknown as ServerResponse, {
    request,
    shape: completionShape(spell),
    choices,
    promptTokens: 3,
    stallMs: 1000,
    onError: () => new OpenAiError(500, 'internal_error', 'It failed.'),
  });
  writer.start();
  return writer;
}

interface Event {
  choices: { index: number; text: string; finish_reason: string | null }[];
  usage?: { completion_tokens: number };
}
const eventsOf = ({ chunks }: SlowResponse): Event[] =>
  chunks
    .join('')
    .split('\n\n')
    .filter((line) => line !== '' && line !== 'data: [DONE]')
    .map((line) => JSON.parse(line.slice('data: '.length)) as Event);

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('a slow reader', () => {
  it('gets everything, in few large pieces, and little waits for them meanwhile', async () => {
    const response = new SlowResponse();
    const writer = open(response);
    for (let n = 0; n < 1000; n++) writer.tell(0, { text: 'ab', tokens: [] });
    writer.tell(0, { finish: 'stop', completionTokens: 1000 });
    expect(response.writableLength).toBeLessThan(1000);
    response.read();
    await vi.advanceTimersByTimeAsync(1);
    const events = eventsOf(response);
    expect(events.flatMap(({ choices }) => choices.map(({ text }) => text)).join('')).toBe('ab'.repeat(1000));
    expect(events.length).toBeLessThan(8);
    expect(events.at(-1)).toMatchObject({ choices: [], usage: { completion_tokens: 1000 } });
    expect(response.chunks.at(-1)).toBe('data: [DONE]\n\n');
    await vi.advanceTimersByTimeAsync(5000);
    expect(response.writableFinished).toBe(true);
  });

  it('who takes nothing at all is let go', async () => {
    const response = new SlowResponse();
    const writer = open(response);
    for (let n = 0; n < 10; n++) writer.tell(0, { text: 'ab', tokens: [] });
    await vi.advanceTimersByTimeAsync(999);
    expect(response.destroyed).toBe(false);
    await vi.advanceTimersByTimeAsync(2);
    expect(response.destroyed).toBe(true);
    expect(() => writer.tell(0, { text: 'c', tokens: [] })).not.toThrow();
  });
});

describe('a quick reader', () => {
  it('gets each piece as it comes, of each reply its own, and one end', () => {
    const response = new SlowResponse();
    response.read();
    const writer = open(response, 2);
    writer.tell(1, { text: 'x', tokens: [] });
    writer.tell(0, { text: 'y', tokens: [] });
    writer.tell(1, { finish: 'length', completionTokens: 1 });
    expect(response.writableEnded).toBe(false);
    writer.tell(0, { finish: 'stop', completionTokens: 2 });
    expect(eventsOf(response).map(({ choices, usage }) => [choices[0]?.index, choices[0]?.text, usage])).toEqual([
      [1, 'x', undefined],
      [0, 'y', undefined],
      [1, '', undefined],
      [0, '', undefined],
      [undefined, undefined, { prompt_tokens: 3, completion_tokens: 3, total_tokens: 6 }],
    ]);
  });

  it('learns of a failure in the middle', () => {
    const response = new SlowResponse();
    response.read();
    const writer = open(response);
    writer.tell(0, { text: 'x', tokens: [] });
    writer.tell(0, { error: new Error('out of memory') });
    expect(eventsOf(response).at(-1)).toMatchObject({ error: { code: 'internal_error', type: 'server_error' } });
    expect(response.writableEnded).toBe(true);
  });
});
