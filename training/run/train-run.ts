import type { MetricPoint, RunRequest, RunResult } from '@qingnang/contracts';
import { DomainError } from '@qingnang/kernel';
import { selectBackend } from '../backend/select-backend.js';
import { DivergedError } from '../model/adamw-optimiser.js';
import type { TrainingOutcome } from '../interfaces.js';
import { finalCheckpoint } from './final-checkpoint.js';
import { explainOutOfMemory } from './out-of-memory.js';
import { prepareRun } from './prepare-run.js';
import { ProgressLine, type ProgressTarget } from './progress-line.js';
import { MetricsUploader, type UploadTarget } from './metrics-uploader.js';
import { RunFolder } from './run-folder.js';
import { otherInputs, openInputs, refuseChangedInputs, type InputPaths } from './run-inputs.js';
import { RunReporter } from './run-reporter.js';
import { startRun, type RunStart } from './run-start.js';
import type { StopRequest } from './stop-request.js';

export interface TrainRunOptions {
  request: RunRequest;
  inputs: InputPaths;
  /** Folder of the run; made when missing. */
  run: string;
  resume: boolean;
  /** Number the platform gave this attempt. */
  attempt: number | null;
  upload: UploadTarget | null;
  listen: (log: (line: string) => void) => StopRequest;
  /** Where readable lines go beside `log.txt`. */
  print: (line: string) => void;
  /** Where progress and samples are shown; `null` = nowhere. */
  progress: ProgressTarget | null;
}

/** At the end the platform has so long to take the last metrics. */
const FAREWELL_MS = 15_000;

/**
 * One attempt of a run, from the inputs to `result.json`. A failure after the start is written there too, then thrown.
 * @throws InputError, NothingToDoError before anything is written, when the run cannot start
 */
export async function trainRun(options: TrainRunOptions): Promise<RunResult> {
  const folder = new RunFolder(options.run);
  const start = await startRun(folder, options.request, options.resume, options.attempt);
  await folder.create();
  const progress = new ProgressLine(options.progress);
  const print = (line: string): void => {
    progress.clear();
    options.print(line);
  };
  const log = (line: string): void => {
    folder.appendLog(`${new Date().toISOString()} ${line}`);
    print(line);
  };
  const uploader = options.upload ? new MetricsUploader(options.upload, log) : null;
  const stop = options.listen(log);
  try {
    const show = options.progress ? print : (): void => undefined;
    return await attemptRun(options, { folder, start, log, uploader, stop, progress, show });
  } catch (cause) {
    progress.clear();
    const error = explainOutOfMemory(cause, start.config);
    if (error instanceof DivergedError) await folder.writeBadBatch(error).catch(() => undefined);
    folder.appendLog(`${new Date().toISOString()} Failed: ${error instanceof Error ? error.message : String(error)}`);
    await folder.writeResult(failedResult(start, error)).catch(() => undefined); // a full disk must not hide the cause
    throw error;
  } finally {
    cpuOfEarlierRuns += ownCpuSeconds();
    await uploader?.close(FAREWELL_MS);
    stop.dispose();
  }
}

interface AttemptParts {
  folder: RunFolder;
  start: RunStart;
  log: (line: string) => void;
  uploader: MetricsUploader | null;
  stop: StopRequest;
  progress: ProgressLine;
  show: (line: string) => void;
}

async function attemptRun(
  { request, inputs: paths, run }: TrainRunOptions,
  { folder, start, log, uploader, stop, progress, show }: AttemptParts,
): Promise<RunResult> {
  const { config, attempt, before, resume } = start;
  const inputs = await openInputs(request.method, paths);
  if (before) refuseChangedInputs(before.inputs, inputs.listed);
  log(
    `Attempt ${attempt} of ${config.method} in ${run}, ${resume ? `going on from step ${resume.step}` : 'from the start'}.`,
  );

  const backend = await selectBackend(config.backend);
  log(`Back end ${backend.name}${backend.passedOver.map((why) => `; not ${why}`).join('')}.`);
  const prepared = await prepareRun(config, { ...inputs, scratch: folder.path }, resume);
  // Only now has a run begun: a setting found wrong before is corrected in the same folder.
  const attempts = [...(before?.attempts ?? []), { attempt, resumed_from: resume?.step ?? null }];
  await folder.writeConfig({ config, inputs: inputs.listed, attempts });
  await folder.removeResult();
  const kept: MetricPoint[] = await folder.cutAt(resume?.step ?? null);
  uploader?.add(...kept);
  const { tokenizer, rehearsal, input, mixed = [], steps } = prepared;
  const read = [input, ...mixed];
  for (const { role, rows, left_out: leftOut, cut = 0 } of read)
    log(`Rows of ${role} ${JSON.stringify(rows)}, left out ${JSON.stringify(leftOut)}, cut at a sentence ${cut}.`);
  log(`${tokenizer.vocabularySize} tokens; ${steps} steps.`);
  const cpuSeconds = (): number => (resume?.cpuSeconds ?? 0) + ownCpuSeconds();
  const reporter = new RunReporter(
    { folder, attempt, uploader, stopRequested: stop.requested, log, cpuSeconds, progress, steps, show },
    { tokenizer, rehearsal, sequenceLength: config.sequence_length, base: paths.policy },
  );
  const outcome = await prepared.train(reporter);
  progress.clear();
  const final = await finalCheckpoint(folder, outcome, reporter.saved, {
    base: inputs.policy,
    config,
    tokenizer,
    log,
  });
  const result: RunResult = {
    method: config.method,
    attempt,
    state: outcome.state,
    steps: outcome.steps,
    checkpoint: final?.path ?? null,
    weights_hash: final?.weightsHash ?? null,
    figures: finite(outcome.figures),
    inputs: [...read, ...otherInputs(inputs.listed, read)],
    rehearsal,
    cpu_seconds: cpuSeconds(),
    error: null,
  };
  await folder.writeResult(result);
  const effort = `after ${outcome.steps} steps, ${result.cpu_seconds.toFixed(1)} s of CPU`;
  log(outcome.state === 'stopped' ? `Stopped ${effort}; --resume goes on from here.` : `Done ${effort}.`);
  return result;
}

function failedResult({ config, attempt, resume }: RunStart, error: unknown): RunResult {
  return {
    method: config.method,
    attempt,
    state: 'failed',
    steps: resume?.step ?? 0,
    checkpoint: null,
    weights_hash: null,
    figures: {},
    inputs: [],
    rehearsal: false,
    cpu_seconds: (resume?.cpuSeconds ?? 0) + ownCpuSeconds(),
    error: error instanceof DomainError ? `${error.code}: ${error.message}` : `internal: ${String(error)}`,
  };
}

/** What earlier runs of this process have used; an ablation trains several. */
let cpuOfEarlierRuns = 0;

/** User and system time of this process that no earlier run has counted, threads of native back ends included. */
function ownCpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6 - cpuOfEarlierRuns;
}

/** JSON has no NaN: a figure that is not a number is left out. */
function finite(figures: TrainingOutcome['figures']): Record<string, number> {
  return Object.fromEntries(Object.entries(figures).filter(([, value]) => Number.isFinite(value)));
}
