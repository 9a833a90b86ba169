import { open, readdir, readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import {
  artefactPath,
  artefactReply,
  handedIn,
  type HandedIn,
  metricPoint,
  type MetricPoint,
  metricsReply,
  runArtefacts,
  type RunMethod,
  runResult,
  type RunResult,
} from '@qingnang/contracts';
import { sha256 } from '@qingnang/kernel';
import { InputError } from '../data/input.errors.js';
import { hashFile } from './hash-file.js';
import type { JobFolder } from './job-folder.js';
import { type PlatformClient, PlatformRefusal } from './platform-client.js';

const METRICS_AT_ONCE = 500;
/** Bytes of one request: what a connection that breaks costs at most. */
const STRETCH = 8 * 2 ** 20;
const STRETCH_MS = 600_000;
/** Beside the checkpoint, what people read of a run. */
const RUN_FILES = ['config.json', 'metrics.jsonl', 'samples.jsonl', 'log.txt'];
/** Only for going on with this run here. */
const OF_THIS_RUN = ['optimizer.safetensors', 'training_state.json'];

/** What a push did. */
export interface PushedRun extends HandedIn {
  outcome: 'pushed' | 'already_pushed';
  /** Files that went over the line; those that were there already are not counted. */
  files_sent: number;
  metrics_new: number;
}

/**
 * Sends a finished run: metrics, files, and last the result, which ends the run on the platform. Everything is keyed, so
 * that sending twice changes nothing; cut off anywhere, the same call goes on.
 * @param wanted which files of the model's folder go, by name
 * @throws InputError for a run that has no result yet; PlatformRefusal, UnreachableError
 */
export async function pushRun(
  folder: JobFolder,
  client: () => Promise<PlatformClient>,
  job: { run: { id: string; attempt: number } },
  log: (line: string) => void,
  wanted: (name: string) => boolean = () => true,
): Promise<PushedRun> {
  const text = await readFile(join(folder.path, 'result.json'), 'utf8').catch(() => null);
  const result = text === null ? null : runResult.parse(JSON.parse(text));
  if (text === null || !result || result.state === 'stopped') {
    throw new InputError('no_result', `The run in ${folder.path} has not ended; go on with --resume, then push.`);
  }
  const before = await folder.receipt(sha256(text));
  if (before) return { ...before, outcome: 'already_pushed', files_sent: 0, metrics_new: 0 };
  const platform = await client();
  const path = `/runs/${job.run.id}`;
  const { metrics, files } = await sendAll(platform, path, folder.path, job.run.attempt, {
    result,
    wanted,
  });
  log(`${files} files and ${metrics} new metrics sent.`);
  const reply = await handIn(platform, path, { ...result, attempt: job.run.attempt });
  await folder.writeReceipt(sha256(text), reply);
  return { ...reply, outcome: 'pushed', files_sent: files, metrics_new: metrics };
}

interface WhatToSend {
  result: RunResult;
  wanted: (name: string) => boolean;
}

/** Metrics and files; nothing to a run that has ended, which the result may have done before its answer was lost. */
async function sendAll(
  platform: PlatformClient,
  path: string,
  folder: string,
  attempt: number,
  what: WhatToSend,
): Promise<{ metrics: number; files: number }> {
  try {
    const metrics = await sendMetrics(platform, path, folder);
    return { metrics, files: await sendFiles(platform, path, folder, attempt, what) };
  } catch (error) {
    if (!(error instanceof PlatformRefusal) || error.code !== 'run.ended') throw error;
    return { metrics: 0, files: 0 };
  }
}

/** Ends a run whose trainer failed before it could write a result. The log, if there is one, has been left behind. */
export async function pushFailure(
  folder: JobFolder,
  platform: PlatformClient,
  { run }: { run: { id: string; attempt: number; config: { method: RunMethod } } },
  error: string,
): Promise<HandedIn> {
  const nothing = { steps: 0, checkpoint: null, weights_hash: null, figures: {}, inputs: [], cpu_seconds: 0 };
  const { attempt, config } = run;
  const result: RunResult = { ...nothing, method: config.method, attempt, state: 'failed', rehearsal: false, error };
  const reply = await handIn(platform, `/runs/${run.id}`, result);
  await folder.writeReceipt(sha256(JSON.stringify(result)), reply);
  return reply;
}

async function handIn(platform: PlatformClient, path: string, result: RunResult): Promise<HandedIn> {
  try {
    return await platform.json(handedIn, { method: 'POST', path: `${path}/result`, json: result, limitMs: STRETCH_MS });
  } catch (error) {
    if (!(error instanceof PlatformRefusal) || error.status !== 401) throw error;
    throw new PlatformRefusal({
      code: 'run.token_ended',
      status: 401,
      detail:
        'The token of this run is good no more: it ran out, somebody ended the run, or the result arrived more than a day ago and only its answer was lost. The page of the run says which.',
    });
  }
}

/** All points of `metrics.jsonl`, the spool that training wrote them to. @returns how many the platform did not have */
async function sendMetrics(platform: PlatformClient, path: string, folder: string): Promise<number> {
  let stored = 0;
  let points: MetricPoint[] = [];
  const send = async (): Promise<void> => {
    if (points.length === 0) return;
    const reply = await platform.json(metricsReply, { method: 'POST', path: `${path}/metrics`, json: { points } });
    stored += reply.stored;
    points = [];
  };
  const file = await open(join(folder, 'metrics.jsonl')).catch(() => null);
  if (!file) return 0;
  for await (const line of file.readLines()) {
    const point = pointOf(line);
    if (point) points.push(point);
    if (points.length >= METRICS_AT_ONCE) await send();
  }
  await send();
  return stored;
}

/** A line cut by a kill is none. */
function pointOf(line: string): MetricPoint | null {
  try {
    return metricPoint.safeParse(JSON.parse(line)).data ?? null;
  } catch {
    return null;
  }
}

async function sendFiles(
  platform: PlatformClient,
  path: string,
  folder: string,
  attempt: number,
  { result, wanted }: WhatToSend,
): Promise<number> {
  const { items } = await platform.json(runArtefacts, { method: 'GET', path: `${path}/artefacts` });
  const there = new Map(items.map((item) => [item.path, item.sha256]));
  let sent = 0;
  for (const name of await filesOf(folder, result.checkpoint, wanted)) {
    const hash = await hashFile(join(folder, name));
    if (there.get(name) === hash) continue;
    await sendFile(platform, `${path}/artefacts`, join(folder, name), { path: name, sha256: hash, attempt });
    sent++;
  }
  return sent;
}

async function filesOf(
  folder: string,
  checkpoint: string | null,
  wanted: (name: string) => boolean,
): Promise<string[]> {
  const own = await readdir(folder);
  const names = RUN_FILES.filter((name) => own.includes(name));
  if (checkpoint === null) return names;
  const goes = (name: string): boolean => !OF_THIS_RUN.includes(name) && wanted(name);
  const model = (await filesIn(folder, checkpoint)).filter((name) => goes(basename(name)));
  // Of a LoRA run: the merged model stands in the checkpoint, the adapter alone beside it.
  const paths = [...model, ...(await filesIn(folder, `${checkpoint}/adapter`))];
  const strange = paths.find((each) => !artefactPath.safeParse(each).success);
  if (strange === undefined) return [...names, ...paths];
  throw new InputError(
    'push_name',
    `The platform takes no file of the name ${strange}; remove it from the checkpoint.`,
  );
}

/** The files that lie plainly in a folder below another, in order; none where there is no such folder. */
async function filesIn(folder: string, below: string): Promise<string[]> {
  const entries = await readdir(join(folder, below), { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  return entries.flatMap((entry) => (entry.isFile() ? [`${below}/${entry.name}`] : [])).sort();
}

/** A file in stretches, from where the platform says it has it; streamed, however large. */
async function sendFile(
  platform: PlatformClient,
  path: string,
  place: string,
  known: { path: string; sha256: string; attempt: number },
): Promise<void> {
  const { size } = await stat(place);
  const query = { ...known, bytes: size };
  const ask = { method: 'POST', path, query, bytes: new Uint8Array(0) } as const;
  let { received, whole } = await platform.json(artefactReply, ask);
  const handle = await open(place, 'r');
  try {
    while (!whole) {
      const { buffer, bytesRead } = await handle.read(
        Buffer.alloc(Math.min(STRETCH, size - received)),
        0,
        null,
        received,
      );
      const bytes = new Uint8Array(buffer.buffer, buffer.byteOffset, bytesRead);
      const stretch = {
        method: 'POST',
        path,
        query: { ...query, offset: received },
        bytes,
        limitMs: STRETCH_MS,
      } as const;
      ({ received, whole } = await platform.json(artefactReply, stretch).catch(async (error: unknown) => {
        // A stretch that was tried again had partly arrived: ask where to go on.
        if (!(error instanceof PlatformRefusal) || error.code !== 'run.artefact_offset') throw error;
        return platform.json(artefactReply, ask);
      }));
    }
  } finally {
    await handle.close();
  }
}
