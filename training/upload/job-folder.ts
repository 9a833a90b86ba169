import { chmod, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { handedIn, type HandedIn, runJob, type RunJob } from '@qingnang/contracts';
import { z } from 'zod';
import { InputError } from '../data/input.errors.js';
import type { PlatformTarget } from './platform-client.js';

/** `job.json`: which run of which platform a folder belongs to, and what that run reads, its versions resolved. */
const jobFile = z.object({
  platform: z.string(),
  project: z.string(),
  expires_at: z.string(),
  run: runJob,
});
export type JobFile = z.infer<typeof jobFile>;

/** `pushed.json`: what the platform said to the result, and to which. */
const receiptFile = z.object({ result_sha256: z.string(), handed_in: handedIn });

/** The files of a run folder that tie it to a platform. The token is a file of its own that nobody else may read. */
export class JobFolder {
  /** The configuration that the platform made the run with, for `--config`. */
  readonly config: string;
  readonly token: string;

  constructor(readonly path: string) {
    this.config = join(path, 'request.json');
    this.token = join(path, 'token');
  }

  async create(job: JobFile, token: string): Promise<void> {
    await mkdir(this.path, { recursive: true });
    await writeFile(this.token, token + '\n', { mode: 0o600, flush: true });
    await chmod(this.token, 0o600);
    await writeFile(this.config, JSON.stringify(job.run.config, null, 2) + '\n', { flush: true });
    await this.write('job.json', job);
  }

  /** @throws InputError where the folder was not made by `start` */
  async read(): Promise<JobFile> {
    const job = await this.find();
    if (job) return job;
    throw new InputError('no_job', `${this.path} belongs to no run of a platform; make one with qingnang-train start.`);
  }

  /** Null where there is none. @throws InputError for one that is damaged */
  async find(): Promise<JobFile | null> {
    return this.readJson('job.json', jobFile);
  }

  async update(job: JobFile, run: RunJob): Promise<JobFile> {
    const changed = { ...job, run };
    await this.write('job.json', changed);
    return changed;
  }

  /** @throws InputError when the token is gone: the run has ended */
  async target(job: JobFile): Promise<PlatformTarget> {
    const token = await readFile(this.token, 'utf8').catch(() => {
      throw new InputError('no_token', `There is no token in ${this.path}: its run has ended. Start another.`);
    });
    return { platform: job.platform, project: job.project, token: token.trim() };
  }

  async receipt(resultHash: string): Promise<HandedIn | null> {
    const found = await this.readJson('pushed.json', receiptFile);
    return found?.result_sha256 === resultHash ? found.handed_in : null;
  }

  /** The run has ended and its token with it. */
  async writeReceipt(resultHash: string, reply: HandedIn): Promise<void> {
    await this.write('pushed.json', { result_sha256: resultHash, handed_in: reply });
    await rm(this.token, { force: true });
  }

  /** On the disk before it takes its name: what led to it, a request's key or the token, is forgotten next. */
  private async write(name: string, value: unknown): Promise<void> {
    const path = join(this.path, name);
    await writeFile(path + '.new', JSON.stringify(value, null, 2) + '\n', { flush: true });
    await rename(path + '.new', path);
  }

  private async readJson<T>(name: string, schema: z.ZodType<T>): Promise<T | null> {
    const text = await readFile(join(this.path, name), 'utf8').catch(() => null);
    if (text === null) return null;
    const parsed = schema.safeParse(parse(text));
    if (parsed.success) return parsed.data;
    throw new InputError('job_file', `${join(this.path, name)} is damaged or of another version; start another run.`);
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
