import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { constants } from 'node:os';
import { basename, join } from 'node:path';
import { latestCheckpoint } from '../checkpoint/training-checkpoint.js';
import type { JobFolder } from './job-folder.js';

/** So often killed at one and the same step, something is wrong with the machine or the run; as for runs of the platform. */
const KILLED_LIMIT = 4;

/** How a trainer ended that could not say so itself. */
export interface KilledTrainer {
  signal: string;
  /** Of the newest checkpoint, which the next attempt goes on from; `null` for the beginning. */
  step: number | null;
  /** Times in a row at this step, this one counted. */
  times: number;
  tooOften: boolean;
  /** What happened and what to do, in one line. */
  said: string;
}

/**
 * The signal that ended a process, of its own or, behind a shell, by its exit code. Codes for being asked to end (SIGINT,
 * SIGTERM) are the process's own answer.
 */
export function signalOf(code: number | null, signal: NodeJS.Signals | null): string | null {
  if (signal !== null || code === null) return signal;
  const { SIGINT, SIGTERM } = constants.signals;
  const number = code - 128;
  if (number === SIGINT || number === SIGTERM) return null;
  return Object.entries(constants.signals).find(([, each]) => each === number)?.[0] ?? null;
}

/** Writes down in the run's folder that its trainer was killed, and by what; it goes into the log that people read of the run. */
export async function noteKilled(folder: JobFolder, signal: string): Promise<KilledTrainer> {
  const path = join(folder.path, 'killed.json');
  const checkpoint = await latestCheckpoint(join(folder.path, 'checkpoints'));
  const step = checkpoint === null ? null : Number(basename(checkpoint).slice('step-'.length));
  const before = await readFile(path, 'utf8').then(
    (text) => JSON.parse(text) as { step: number | null; times: number },
    () => null, // none, or cut by the same power cut
  );
  const times = before?.step === step ? before.times + 1 : 1;
  await writeFile(path, JSON.stringify({ step, times }) + '\n', { flush: true });
  const tooOften = times >= KILLED_LIMIT;
  const where = step === null ? 'before its first checkpoint' : `after the checkpoint of step ${step}`;
  const said =
    `The trainer was killed by ${signal}${reasonFor(signal)} ${where}` +
    (tooOften
      ? `, for the ${times}th time there: look at the memory of the machine, or lower batch_size.`
      : `; the same command goes on from ${step === null ? 'the beginning' : 'there'}.`);
  await appendFile(join(folder.path, 'log.txt'), `${new Date().toISOString()} ${said}\n`);
  return { signal, step, times, tooOften, said };
}

function reasonFor(signal: string): string {
  if (signal === 'SIGKILL') return ' (often the kernel, out of memory; its log says so)';
  if (signal === 'SIGABRT') return ' (the process gave up, often out of memory)';
  return '';
}
