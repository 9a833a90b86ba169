// One back end of the bench in a process of its own: a line of JSON in, a line of JSON out.
import { createInterface } from 'node:readline';
import { examineBackend } from '../backend/examine-backend.js';
import { selectBackend, type BackendName } from '../backend/select-backend.js';
import { makeJob, measured, type JobName, type Took } from './jobs.js';
import { profiled } from './op-profile.js';
import type { SizeName } from './sizes.js';

/** What the bench asks for; `profile` times the ops of one step instead of the step. */
export interface BenchOrder {
  job: JobName;
  size: SizeName;
  profile?: boolean;
}

const chosen = await selectBackend(process.argv[2] as BackendName);
const jobs = new Map<string, ReturnType<typeof makeJob>>();
const answer = (value: object): void => void process.stdout.write(`${JSON.stringify(value)}\n`);
answer({ ready: examineBackend(chosen) });

for await (const line of createInterface({ input: process.stdin })) {
  const { job, size, profile = false } = JSON.parse(line) as BenchOrder;
  const key = `${job} ${size}`;
  let step = jobs.get(key);
  if (!step) {
    step = makeJob(job, size);
    jobs.set(key, step);
    await step(); // the first call compiles and allocates
  }
  const peakRss = (): number => process.resourceUsage().maxRSS * 1024;
  if (profile) answer(await profiled(step));
  else {
    const took: Took = await measured(step);
    answer({ ...took, peakRss: peakRss() });
  }
}
