import { loadavg } from 'node:os';
import { expect, it } from 'vitest';
import type { runBench as Run } from '../../training/bench/run-bench.js';

// `npm run bench -- training`
it('training: tokens a second of every back end, beside PyTorch in the same run', { timeout: 3_600_000 }, async () => {
  // The compiled one: each back end is measured in a plain Node process of its own.
  const built = '../../dist/training/bench/run-bench.js';
  const { runBench } = (await import(built)) as { runBench: typeof Run };
  const plan = { rounds: 7, seconds: 20 };
  const before = loadavg()[0]!;
  const result = await runBench(plan, (line) => void process.stderr.write(`${line}\n`));
  process.stdout.write(`${JSON.stringify({ plan, load: [before, loadavg()[0]!], ...result }, null, 2)}\n`);
  expect(result.contestants.map((c) => c['name'])).toEqual(expect.arrayContaining(['wasm', 'cpu']));
  for (const { tokensPerSecond } of result.figures) expect(tokensPerSecond).toBeGreaterThan(0);
});
