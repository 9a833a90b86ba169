import { examineBackend, readableFindings } from '../backend/examine-backend.js';
import { selectBackend } from '../backend/select-backend.js';
import { backendName, parseArgs } from './arguments.js';
import { exitCodes } from './exit-codes.js';

const options = {
  backend: { type: 'string' },
  json: { type: 'boolean', default: false },
} as const;

/** `qingnang-train doctor`: the back end of this machine and its speed. @returns the exit code */
export async function doctorCommand(args: string[]): Promise<number> {
  const { values } = parseArgs({ args, options });
  const findings = examineBackend(await selectBackend(backendName(values.backend)));
  process.stdout.write(values.json ? `${JSON.stringify(findings)}\n` : readableFindings(findings));
  return exitCodes.ok.code;
}
