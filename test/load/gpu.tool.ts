import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const trainer = 'training/bin/qingnang-train.mjs';
const bench = `const { runBench } = await import('./dist/training/bench/run-bench.js');
const result = await runBench({ rounds: 3, seconds: 5 }, (line) => process.stderr.write(line + '\\n'));
process.stdout.write(JSON.stringify(result, null, 2) + '\\n');`;

/** Each with the seconds it may take; eight minutes together. */
const STEPS: readonly (readonly [name: string, seconds: number, ...args: string[]])[] = [
  ['setup-native --gpu', 200, trainer, 'setup-native', '--gpu'],
  ['doctor', 30, trainer, 'doctor', '--backend', 'gpu'],
  [
    ...(['golden tests', 120, 'node_modules/vitest/vitest.mjs', 'run'] as const),
    ...['training/model/golden-model.test.ts', 'training/ops', 'training/architectures', '-t', 'gpu'],
  ],
  ['bench', 130, '--input-type=module', '--eval', bench],
];

/** Runs a step with its output shown; it is ended when its time is over. @returns its exit code, `null` for none in time */
function step(seconds: number, args: readonly string[]): Promise<number | null> {
  const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
  const limit = setTimeout(() => child.kill(), 1000 * seconds);
  return new Promise((resolve) => {
    child.once('close', (code) => {
      clearTimeout(limit);
      resolve(code);
    });
  });
}

// `npm run bench -- gpu`, on a machine with an NVIDIA GPU: everything that needs one, in eight minutes at most
it('gpu: sets the back end up, examines it, compares it with the references and measures it', async () => {
  const codes: Record<string, number | null> = {};
  for (const [name, seconds, ...args] of STEPS) {
    process.stdout.write(`\n== ${name}\n`);
    codes[name] = await step(seconds, args);
    if (codes[name] !== 0) break; // what follows needs it
  }
  process.stdout.write(`${JSON.stringify(codes)}\n`);
  expect(codes).toEqual(Object.fromEntries(STEPS.map(([name]) => [name, 0])));
});
