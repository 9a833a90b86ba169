import { readable, setupNative, undoNative } from '../setup/setup-native.js';
import { parseArgs } from './arguments.js';
import { exitCodes } from './exit-codes.js';

const options = {
  gpu: { type: 'boolean', default: false },
  undo: { type: 'boolean', default: false },
  wheel: { type: 'string' },
  json: { type: 'boolean', default: false },
} as const;

/** `qingnang-train setup-native`: makes the native back end, or removes what it made. @returns the exit code */
export async function setupNativeCommand(args: string[]): Promise<number> {
  const { values } = parseArgs({ args, options });
  const print = (json: object, line: string): void =>
    void process.stdout.write(`${values.json ? JSON.stringify(json) : line}\n`);
  if (values.undo) {
    const undone = await undoNative(values.gpu);
    print(undone, `${undone.removed ? 'removed' : 'nothing to remove in'} ${undone.folder}`);
    return exitCodes.ok.code;
  }
  const say = (line: string): void => void process.stderr.write(`${line}\n`);
  const outcome = await setupNative({ gpu: values.gpu, wheel: values.wheel ?? null, say });
  print(outcome, readable(outcome));
  return exitCodes.ok.code;
}
