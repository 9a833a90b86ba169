import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRandom } from '@qingnang/kernel';
import { resolveRunConfig } from '@qingnang/contracts';
import { expect, it } from 'vitest';
import { selectBackend } from '../../training/backend/select-backend.js';
import { writeModel } from '../../training/checkpoint/model-folder.js';
import { decodeSpeed } from '../../training/generate/decode-speed.js';
import type { Model } from '../../training/model/model.js';
import { drawParameters, exportParameters } from '../../training/model/parameters.js';
import { modelConfigOf } from '../../training/run/settings.js';
import { trainTokenizer, type Tokenizer } from '../../training/tokenizer/tokenizer.js';
import { Trainer } from '../support/trainer.js';

const REQUESTS = 32;
const TOKENS = 128;
const AT_ONCE = [1, 4, 16];

/** A text of two-character words, so that the tokenizer has something to learn. */
function drawText(seed: number, words: number): string {
  const random = createRandom(seed);
  const character = (): string => String.fromCodePoint(0x4e00 + random.below(40));
  return Array.from({ length: words }, () => character() + character()).join('，');
}

/** Shape and vocabulary of the demo, weights as drawn: how fast a model speaks does not depend on what it learnt. */
function demoModel(): { model: Model; tokenizer: Tokenizer } {
  const { model: sizes } = resolveRunConfig({ method: 'sft', preset: 'demo-cpu' });
  const texts = Array.from({ length: 400 }, (_, seed) => drawText(seed, 20));
  const tokenizer = trainTokenizer(texts, sizes.vocabulary_size, sizes.context_length);
  const config = modelConfigOf(sizes, tokenizer);
  return { model: { config, parameters: drawParameters(config, createRandom(1)) }, tokenizer };
}

interface Round {
  atOnce: number;
  tokens: number;
  seconds: number;
  tokensPerSecond: number;
  /** By the processor time of the server alone: what a busy machine does not blur. */
  tokensPerCpuSecond: number;
  medianFirstPieceMs: number;
}

/** The same requests, so many at once; each streamed, as people read. Read as bytes: the client shares the cores. */
async function round(pid: number, port: string, atOnce: number): Promise<Round> {
  const firsts: number[] = [];
  let tokens = 0;
  let next = 0;
  const ask = async (n: number): Promise<void> => {
    const began = performance.now();
    const response = await fetch(`http://127.0.0.1:${port}/v1/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        model: 'demo',
        messages: [{ role: 'user', content: drawText(1000 + n, 8) }],
        max_tokens: TOKENS,
        temperature: 1,
        seed: n,
        stream: true,
        stream_options: { include_usage: true },
      }),
    });
    const chunks: Uint8Array[] = [];
    for await (const chunk of response.body!) {
      // The first chunk has the role, the second the first piece of text.
      if (chunks.push(chunk as Uint8Array) === 2) firsts.push(performance.now() - began);
    }
    const usage = /"completion_tokens":(\d+)/.exec(Buffer.concat(chunks).toString());
    tokens += Number(usage![1]);
  };
  const start = performance.now();
  const cpuBefore = cpuSeconds(pid);
  const asker = async (): Promise<void> => {
    while (next < REQUESTS) await ask(next++);
  };
  await Promise.all(Array.from({ length: atOnce }, asker));
  const seconds = (performance.now() - start) / 1000;
  const medianFirstPieceMs = firsts.sort((a, b) => a - b)[firsts.length >> 1]!;
  const tokensPerCpuSecond = tokens / (cpuSeconds(pid) - cpuBefore);
  return { atOnce, tokens, seconds, tokensPerSecond: tokens / seconds, tokensPerCpuSecond, medianFirstPieceMs };
}

/** User and system time of a process so far, by Linux. */
function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

// `npm run bench -- serve`
it('serve: tokens a second for one, four and sixteen requests at once', async () => {
  const root = await mkdtemp(join(tmpdir(), 'qingnang-bench-serve-'));
  await selectBackend('wasm');
  const { model, tokenizer } = demoModel();
  const weights = exportParameters(model.parameters);
  const note = {
    kind: 'causal-lm' as const,
    config: model.config,
    note: { rehearsal: true, sequence_length: null, score_normalisation: null },
  };
  await writeModel(root, { ...note, weights }, tokenizer);
  const lengths = [64, 128, 256, 512 - 16];
  const steps = [1, 16].map((rows) => ({ rows, speeds: decodeSpeed(model, rows, lengths) }));

  const server = new Trainer('serve', '--model', root, '--name', 'demo', '--backend', 'wasm');
  const [, port] = await server.says(/^\{"listening":(\d+)\}$/m);
  await round(server.process.pid!, port!, REQUESTS);
  const rounds: Round[] = [];
  for (const atOnce of AT_ONCE) rounds.push(await round(server.process.pid!, port!, atOnce));
  server.process.kill();
  expect(await server.exit()).toBe(0);
  await rm(root, { recursive: true });

  const plan = { requests: REQUESTS, mostNewTokens: TOKENS, backend: 'wasm', model: model.config };
  process.stdout.write(`${JSON.stringify({ plan, steps, rounds }, null, 2)}\n`);
  expect(new Set(rounds.map(({ tokens }) => tokens)).size).toBe(1);
  expect(rounds.at(-1)!.tokensPerCpuSecond).toBeGreaterThan(1.5 * rounds[0]!.tokensPerCpuSecond);
});
