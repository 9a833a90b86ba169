import { DomainError } from '@qingnang/kernel';
import { NothingToDoError } from '../data/input.errors.js';
import { UnreachableError } from '../upload/platform-client.js';

/** What the process says when it ends; part of the interface to whoever started it. */
export const exitCodes = {
  ok: { code: 0, meaning: 'done' },
  failed: { code: 1, meaning: 'failed' },
  badInput: { code: 2, meaning: 'wrong arguments, configuration or input' },
  nothingToDo: { code: 3, meaning: 'nothing to do (no usable row, or the run has succeeded)' },
  nothingNew: { code: 4, meaning: 'nothing new since the last run that succeeded: skipped' },
  unreachable: { code: 69, meaning: 'the platform could not be reached; the same command goes on' },
  stopped: { code: 75, meaning: 'asked to stop; a checkpoint was saved, go on with --resume' },
} as const;

/** Prints what went wrong and says with which code to end. */
export function reportFailure(error: unknown, json: boolean): number {
  const { name, message, stack } = error instanceof Error ? error : new Error(String(error));
  const code = error instanceof DomainError ? error.code : isUsage(error) ? 'training.arguments' : 'training.internal';
  if (json) process.stdout.write(JSON.stringify({ error: { code, detail: message } }) + '\n');
  process.stderr.write(code === 'training.internal' ? `${stack ?? name}\n` : `${message}\n`);
  if (error instanceof UnreachableError) return exitCodes.unreachable.code;
  if (error instanceof NothingToDoError) return exitCodes.nothingToDo.code;
  if (isUsage(error) || (error instanceof DomainError && error.status < 500)) return exitCodes.badInput.code;
  return exitCodes.failed.code;
}

/** Errors of `parseArgs`: an unknown option, a missing value. */
function isUsage(error: unknown): boolean {
  return String((error as { code?: unknown } | null)?.code).startsWith('ERR_PARSE_ARGS_');
}
