import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ablate } from '../ablate/ablate.js';
import { InputError } from '../data/input.errors.js';
import { resolveRequest } from '../run/run-start.js';
import { listenForStop } from '../run/stop-request.js';
import { parseArgs, required, wholeNumber } from './arguments.js';
import { exitCodes } from './exit-codes.js';
import { progressOnStderr, requestOf } from './train-command.js';

const options = {
  snapshot: { type: 'string' },
  out: { type: 'string' },
  policy: { type: 'string' },
  preset: { type: 'string' },
  config: { type: 'string' },
  seed: { type: 'string' },
  backend: { type: 'string' },
  samples: { type: 'string', default: '12' },
  json: { type: 'boolean', default: false },
} as const;

/** `qingnang-train ablate`: one model on real rows, distilled rows, and both, compared. @returns the exit code */
export async function ablateCommand(args: string[]): Promise<number> {
  const { values } = parseArgs({ args, options });
  const config = resolveRequest(await requestOf('sft', values));
  if (config.method !== 'sft') throw new InputError('config', 'An ablation is made of SFT runs.');
  const out = required(values.out, '--out');
  await mkdir(out, { recursive: true });
  const report = await ablate({
    snapshot: required(values.snapshot, '--snapshot'),
    out,
    policy: values.policy ?? null,
    config,
    samples: wholeNumber(values.samples, '--samples'),
    listen: (log) => listenForStop(log, false),
    print: (line) => process.stderr.write(line + '\n'),
    progress: values.json ? null : progressOnStderr(),
  });
  if (!report) return exitCodes.stopped.code;
  if (values.json) process.stdout.write(JSON.stringify(report) + '\n');
  else {
    for (const { arm, held_out: figures } of report.arms) {
      const losses = Object.entries(figures).map(([name, { loss }]) => `${name} ${loss.toFixed(3)}`);
      process.stdout.write(`${arm}: held-out loss ${losses.join(', ')}\n`);
    }
    process.stdout.write(`${join(out, 'report.html')}\n`);
  }
  return exitCodes.ok.code;
}
