import { connect } from 'node:net';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createRandom } from '@qingnang/kernel';
import { selectBackend } from '../backend/select-backend.js';
import { Reply } from '../generate/reply.js';
import { drawParameters } from '../model/parameters.js';
import { untilFirstWord } from '../testing/first-word.js';
import { tinyConfig } from '../testing/tiny-model.js';
import { loadTokenizer } from '../tokenizer/tokenizer.js';
import { serveDefaults, startOpenAiServer, type OpenAiServer } from './openai-server.js';
import { ServedModel } from './served-model.js';

const logged: string[] = [];
let model: ServedModel;
let server: OpenAiServer;
let client: OpenAI;
let base: string;

const options = { ...serveDefaults, port: 0, onlyName: true, log: (line: string) => logged.push(line) };
const connectTo = ({ port }: OpenAiServer): OpenAI =>
  new OpenAI({ baseURL: `http://127.0.0.1:${port}/v1`, apiKey: 'none', maxRetries: 0 });

beforeAll(async () => {
  await selectBackend('wasm');
  const tokenizer = await loadTokenizer(fileURLToPath(new URL('../testing/golden/tokenizer', import.meta.url)));
  const config = {
    ...tinyConfig,
    vocabSize: tokenizer.vocabularySize,
    contextLength: 4096,
    eosTokenId: tokenizer.endId,
  };
  const parameters = drawParameters(config, createRandom(4));
  model = new ServedModel({ name: 'tiny', rehearsal: true, model: { config, parameters }, tokenizer });
  server = await startOpenAiServer(model, options);
  client = connectTo(server);
  base = `http://127.0.0.1:${server.port}`;
});
afterAll(async () => {
  await server.close(0);
  expect(logged).toEqual([]);
});

const ask = (n: number): OpenAI.ChatCompletionMessageParam[] => [
  { role: 'user', content: `问题${n}：${'头痛'.repeat(n % 5)}` },
];
const greedy = { model: 'tiny', temperature: 0, max_tokens: 24 };

describe('replies', () => {
  it('are the same for twenty at once as for one after the other', async () => {
    const alone: (string | null)[] = [];
    for (let n = 0; n < 20; n++) {
      const reply = await client.chat.completions.create({ ...greedy, messages: ask(n) });
      alone.push(reply.choices[0]!.message.content);
    }
    const together = await Promise.all(
      alone.map((_, n) => client.chat.completions.create({ ...greedy, messages: ask(n) })),
    );
    expect(together.map((reply) => reply.choices[0]!.message.content)).toEqual(alone);
    expect(new Set(alone).size).toBeGreaterThan(5);
  });

  it('follow their seed, whoever else is answered', async () => {
    const seeded = { model: 'tiny', messages: ask(1), max_tokens: 30, temperature: 1, seed: 11 };
    const first = await client.chat.completions.create(seeded);
    const [again, other] = await Promise.all([
      client.chat.completions.create(seeded),
      client.chat.completions.create({ ...seeded, seed: 12 }),
      client.chat.completions.create({ ...seeded, messages: ask(4) }),
    ]);
    expect(again.choices).toEqual(first.choices);
    expect(other.choices[0]!.message.content).not.toBe(first.choices[0]!.message.content);
  });

  it('come n at a time, each drawn for itself, the first as if alone', async () => {
    const wish = { model: 'tiny', messages: ask(2), max_tokens: 12, temperature: 1, seed: 3 };
    const one = await client.chat.completions.create(wish);
    const three = await client.chat.completions.create({ ...wish, n: 3 });
    expect(three.choices.map(({ index }) => index)).toEqual([0, 1, 2]);
    expect(three.choices[0]!.message.content).toBe(one.choices[0]!.message.content);
    expect(new Set(three.choices.map(({ message }) => message.content)).size).toBe(3);
    expect(three.usage!.prompt_tokens).toBe(one.usage!.prompt_tokens);
  });

  it('stream in the same pieces of text, with log-probabilities and usage', async () => {
    const wish = {
      model: 'tiny',
      messages: ask(3),
      max_tokens: 20,
      temperature: 1,
      seed: 5,
      logprobs: true,
      top_logprobs: 3,
    };
    const whole = await client.chat.completions.create(wish);
    const stream = await client.chat.completions.create({
      ...wish,
      stream: true,
      stream_options: { include_usage: true },
    });
    const chunks: OpenAI.ChatCompletionChunk[] = [];
    for await (const chunk of stream) chunks.push(chunk);
    const choices = chunks.flatMap((chunk) => chunk.choices);
    expect(choices.map(({ delta }) => delta.content ?? '').join('')).toBe(whole.choices[0]!.message.content);
    expect(choices.flatMap(({ logprobs }) => logprobs?.content ?? [])).toEqual(whole.choices[0]!.logprobs!.content);
    expect(choices.at(-1)!.finish_reason).toBe(whole.choices[0]!.finish_reason);
    expect(chunks.at(-1)!.usage).toEqual(whole.usage);
    const tokens = whole.choices[0]!.logprobs!.content!;
    expect(tokens.length).toBeGreaterThan(3);
    for (const { logprob, top_logprobs: top } of tokens) {
      expect(top).toHaveLength(3);
      expect(logprob).toBeLessThanOrEqual(top[0]!.logprob + 1e-9);
      expect(top.map((each) => each.logprob)).toEqual(top.map((each) => each.logprob).toSorted((a, b) => b - a));
    }
  });

  it('end before a stop text, which may lie over several tokens', async () => {
    const wish = { model: 'tiny', prompt: '头痛', max_tokens: 40, temperature: 1, seed: 2 };
    const { text } = (await client.completions.create(wish)).choices[0]!;
    const stop = text.slice(9, 13);
    const cut = await client.completions.create({ ...wish, stop: [stop], logprobs: 0 });
    expect(cut.choices[0]).toMatchObject({ text: text.slice(0, text.indexOf(stop)), finish_reason: 'stop' });
    expect(cut.choices[0]!.logprobs!.text_offset!.every((at) => at < text.indexOf(stop))).toBe(true);
  });

  it('continue raw texts and ids, several prompts in one request', async () => {
    const wish = { ...greedy, max_tokens: 8, logprobs: 2 };
    const alone = await Promise.all(['头痛', '发热'].map((prompt) => client.completions.create({ ...wish, prompt })));
    const both = await client.completions.create({ ...wish, prompt: ['头痛', '发热'] });
    expect(both.choices.map(({ text }) => text)).toEqual(alone.map((one) => one.choices[0]!.text));
    const { tokens, token_logprobs: own, top_logprobs: top, text_offset: offsets } = both.choices[1]!.logprobs!;
    expect([own, top, offsets].map((list) => list!.length)).toEqual([tokens!, tokens!, tokens!].map((t) => t.length));
    expect(Object.values(top![0]!).some((logprob) => logprob === own![0])).toBe(true);
    let streamed = '';
    for await (const chunk of await client.completions.create({ ...wish, prompt: '头痛', stream: true })) {
      streamed += chunk.choices[0]!.text;
    }
    expect(streamed).toBe(alone[0]!.choices[0]!.text);
  });

  it('repeat themselves less under a penalty', async () => {
    const penalised = (extra: object): Promise<OpenAI.Completion> =>
      client.completions.create({ ...greedy, prompt: '头痛', max_tokens: 60, logprobs: 0, ...extra });
    const kinds = async (extra: object): Promise<number> =>
      new Set((await penalised(extra)).choices[0]!.logprobs!.tokens).size;
    const plain = await kinds({});
    expect(await kinds({ repetition_penalty: 5 })).toBeGreaterThan(plain);
    expect(await kinds({ frequency_penalty: 2 })).toBeGreaterThan(plain);
  });
});

describe('what cannot be done', () => {
  const refused = (more: object): Promise<unknown> =>
    client.completions.create({ ...greedy, prompt: '头痛', ...more }).then(
      () => 'taken',
      (error: unknown) => error,
    );

  it.each([
    [{ echo: true }, { status: 400, param: 'echo' }],
    [{ best_of: 3 }, { status: 400, param: 'best_of' }],
    [{ n: 17 }, { status: 400, param: 'n' }],
    [{ logprobs: 21 }, { status: 400, param: 'logprobs' }],
    [{ temperature: 3 }, { status: 400, param: 'temperature' }],
    [{ prompt: [99_999] }, { status: 400, code: 'unknown_token' }],
    [{ max_tokens: 4096 }, { status: 400, code: 'context_length_exceeded', param: 'prompt' }],
    [{ model: 'other' }, { status: 404, code: 'model_not_found' }],
  ])('%j is refused in OpenAI’s words', async (more, error) => {
    expect(await refused(more)).toMatchObject(error);
  });

  it('bodies that are no JSON, or far too large', async () => {
    const post = (body: string): Promise<Response> =>
      fetch(`${base}/v1/completions`, { method: 'POST', body, headers: { 'content-type': 'application/json' } });
    expect((await post('{"model":')).status).toBe(400);
    const large = await post(JSON.stringify({ model: 'tiny', prompt: '痛'.repeat(2_000_000) }));
    expect(large.status).toBe(413);
    expect(await large.json()).toMatchObject({ error: { code: 'request_too_large' } });
  });
});

describe('clients', () => {
  const load = async (): Promise<unknown> => (await fetch(`${base}/health`)).json();

  it('who hang up leave the batch while the others go on', async () => {
    const next = vi.spyOn(Reply.prototype, 'next');
    const long = { ...greedy, max_tokens: 4000 };
    const leaver = new AbortController();
    const stream = await client.chat.completions.create(
      { ...long, messages: ask(1), stream: true },
      { signal: leaver.signal },
    );
    const silent = new AbortController();
    const unread = client.chat.completions.create({ ...long, messages: ask(2) }, { signal: silent.signal });
    const other = client.chat.completions.create({ ...greedy, messages: ask(3) });
    await untilFirstWord(stream);
    leaver.abort();
    silent.abort();
    await expect(unread).rejects.toThrow(/abort/i);
    expect((await other).choices[0]!.finish_reason).toMatch(/stop|length/);
    await expect.poll(load).toMatchObject({ running: 0, waiting: 0 });
    expect(next.mock.calls.length).toBeLessThan(4000);
    next.mockRestore();
  });

  it('beyond the most get 429 and the time to come again', async () => {
    const small = await startOpenAiServer(model, { ...options, maxRows: 2, maxWaiting: 1 });
    const busy = connectTo(small);
    const ends = await Promise.allSettled(
      [1, 2, 3, 4, 5].map((n) => busy.chat.completions.create({ ...greedy, max_tokens: 400, messages: ask(n) })),
    );
    const rejected = ends.flatMap((end) =>
      end.status === 'rejected' ? [end.reason as InstanceType<typeof OpenAI.APIError>] : [],
    );
    expect(rejected).toHaveLength(2);
    for (const error of rejected) {
      expect(error).toMatchObject({ status: 429, code: 'rate_limit_exceeded' });
      expect(error.headers!.get('retry-after')).toBe('1');
    }
    const patient = new OpenAI({ baseURL: busy.baseURL, apiKey: 'none', maxRetries: 5 });
    await Promise.all([1, 2, 3, 4, 5].map((n) => patient.chat.completions.create({ ...greedy, messages: ask(n) })));
    await small.close(0);
  });

  it('who read nothing are let go, and nobody waits for them', async () => {
    const impatient = await startOpenAiServer(model, { ...options, stallMs: 50 });
    const socket = connect(impatient.port, '127.0.0.1');
    await once(socket, 'connect');
    socket.pause();
    const body = JSON.stringify({
      model: 'tiny',
      prompt: '头痛',
      n: 16,
      max_tokens: 100,
      temperature: 2,
      logprobs: 20,
      stream: true,
    });
    const head = `POST /v1/completions HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n`;
    socket.write(head + body);
    const other = await connectTo(impatient).completions.create({ ...greedy, prompt: '发热' });
    expect(other.choices[0]!.text.length).toBeGreaterThan(0);
    socket.destroy();
    await impatient.close(0);
  });

  it('are answered to the end when the server is told to close, and later ones are not taken', async () => {
    const closing = await startOpenAiServer(model, options);
    const last = connectTo(closing);
    const stream = await last.chat.completions.create({ ...greedy, max_tokens: 120, messages: ask(1), stream: true });
    const closed = closing.close(60_000);
    await expect(connectTo(closing).chat.completions.create({ ...greedy, messages: ask(2) })).rejects.toThrow();
    let finish: string | null = null;
    for await (const chunk of stream) finish = chunk.choices[0]?.finish_reason ?? finish;
    expect(finish).toMatch(/stop|length/);
    await closed;
  });
});
