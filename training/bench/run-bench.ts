import { fileURLToPath } from 'node:url';
import { BenchProcess } from './bench-process.js';
import { pythonReference } from './environment.js';
import type { JobName, Took } from './jobs.js';
import type { OpProfile } from './op-profile.js';
import { benchSizes, stepFlops, type SizeName } from './sizes.js';

/** Medians of one job on one contestant. */
export interface BenchFigures {
  job: JobName;
  size: SizeName;
  contestant: string;
  rounds: number;
  milliseconds: number;
  best: number;
  cpuMilliseconds: number;
  tokensPerSecond: number;
  rolloutMilliseconds: number | null;
  peakRss: number;
  /** Of PyTorch's tokens/s with 2 threads, and with 1, in the same run. */
  ofTwoThreads: number | null;
  ofOneThread: number | null;
  /** Of the products a second that this contestant's own matmul reached in the same run; training steps only. */
  shareOfCeiling: number | null;
}

export interface BenchResult {
  contestants: Record<string, unknown>[];
  /** Back ends and references that are not here, and why. */
  absent: Record<string, string>;
  /** GFLOP/s of a 1,024² product, median. */
  ceilings: Record<string, number>;
  figures: BenchFigures[];
  profiles: Record<string, OpProfile>;
}

const TWO_THREADS = 'PyTorch, 2 threads';
const ONE_THREAD = 'PyTorch, 1 thread';

const PLAN: readonly { job: JobName; sizes: readonly SizeName[] }[] = [
  { job: 'sft', sizes: ['h512', 'h256', 'demo'] },
  { job: 'reward', sizes: ['h512', 'h256', 'demo'] },
  { job: 'generate', sizes: ['h512', 'h256', 'demo'] },
  { job: 'ppo', sizes: ['demo'] },
];

/** The `cpu` back end is a check, not a tool: one small figure shows why. */
const takesPart = (contestant: string, job: JobName, size: SizeName): boolean =>
  contestant !== 'cpu' || (job === 'sft' && size === 'demo');

/**
 * Every job on every contestant, one step of each in turn, so that what else the machine does falls on all alike.
 * @param seconds a contestant that has used so much on one job sits out the rest of its rounds
 */
export async function runBench(
  options: { rounds: number; seconds: number },
  say: (line: string) => void,
): Promise<BenchResult> {
  const result: BenchResult = { contestants: [], absent: {}, ceilings: {}, figures: [], profiles: {} };
  const contestants = await startAll(result, say);
  try {
    for (const { process, rates } of await ceilings(contestants)) result.ceilings[process.name] = median(rates);
    for (const { job, sizes } of PLAN) {
      for (const size of sizes) {
        const racing = contestants.filter(({ name }) => takesPart(name, job, size));
        const taken = await race(racing, job, size, options);
        result.figures.push(...figuresOf(job, size, taken, result.ceilings));
        for (const figures of result.figures.slice(-taken.size)) say(line(figures));
      }
    }
    for (const process of contestants.filter(({ name }) => name !== 'cpu' && !name.startsWith('PyTorch'))) {
      const size = process.name === 'wasm' ? 'h256' : 'h512';
      result.profiles[`${process.name} ${size}`] = await process.profile({ job: 'sft', size });
    }
  } finally {
    for (const process of contestants) await process.end();
  }
  return result;
}

async function startAll(result: BenchResult, say: (line: string) => void): Promise<BenchProcess[]> {
  const started: BenchProcess[] = [];
  const add = async (name: string, program: string, args: string[]): Promise<void> => {
    const one = await BenchProcess.start(name, program, args);
    if (typeof one === 'string') result.absent[name] = one;
    else {
      started.push(one.process);
      result.contestants.push({ name, ...one.ready });
    }
  };
  const worker = fileURLToPath(new URL('./worker.js', import.meta.url));
  for (const backend of ['gpu', 'native', 'wasm', 'cpu']) await add(backend, process.execPath, [worker, backend]);
  const reference = await pythonReference(say);
  if (typeof reference === 'string') result.absent['PyTorch'] = reference;
  else {
    // Python's file is not compiled: it lies with the sources.
    const script = fileURLToPath(new URL('../../../training/bench/reference.py', import.meta.url));
    await add(TWO_THREADS, reference.python, [script, '2']);
    await add(ONE_THREAD, reference.python, [script, '1']);
    result.contestants.push({ name: 'Python environment', megabytes: reference.megabytes });
  }
  return started;
}

async function ceilings(contestants: readonly BenchProcess[]): Promise<{ process: BenchProcess; rates: number[] }[]> {
  const seen = contestants.filter(({ name }) => name !== 'cpu').map((process) => ({ process, rates: [] as number[] }));
  for (let round = 0; round < 3; round++) {
    for (const { process, rates } of seen) rates.push((await process.step({ job: 'matmul', size: 'h512' })).rate!);
  }
  return seen;
}

type Steps = Map<string, (Took & { peakRss: number })[]>;

async function race(
  contestants: readonly BenchProcess[],
  job: JobName,
  size: SizeName,
  { rounds, seconds }: { rounds: number; seconds: number },
): Promise<Steps> {
  const taken: Steps = new Map(contestants.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const process of contestants) {
      const mine = taken.get(process.name)!;
      const spent = mine.reduce((sum, { milliseconds }) => sum + milliseconds, 0) / 1000;
      if (mine.length < 2 || spent < seconds) mine.push(await process.step({ job, size }));
    }
  }
  return taken;
}

function figuresOf(job: JobName, size: SizeName, taken: Steps, ceilings: Record<string, number>): BenchFigures[] {
  const middle = (name: string, of: (took: Took) => number): number => median(taken.get(name)!.map(of));
  const speed = (name: string): number | null =>
    taken.has(name) ? middle(name, (t) => (1000 * t.tokens) / t.milliseconds) : null;
  const [two, one] = [speed(TWO_THREADS), speed(ONE_THREAD)];
  const flops = { sft: 1, reward: 2, generate: 0, ppo: 0, matmul: 0 }[job] * stepFlops(benchSizes[size]);
  return [...taken].map(([contestant, steps]) => {
    const milliseconds = middle(contestant, (t) => t.milliseconds);
    const tokensPerSecond = speed(contestant)!;
    const ceiling = ceilings[contestant];
    return {
      ...{ job, size, contestant, rounds: steps.length, milliseconds, tokensPerSecond },
      best: Math.min(...steps.map((t) => t.milliseconds)),
      cpuMilliseconds: middle(contestant, (t) => t.cpuMilliseconds),
      rolloutMilliseconds:
        steps[0]!.rolloutMilliseconds === undefined ? null : middle(contestant, (t) => t.rolloutMilliseconds!),
      peakRss: steps.at(-1)!.peakRss,
      ofTwoThreads: two && tokensPerSecond / two,
      ofOneThread: one && tokensPerSecond / one,
      shareOfCeiling: flops && ceiling ? flops / milliseconds / 1e6 / ceiling : null,
    };
  });
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}

function line(f: BenchFigures): string {
  const ratio = f.ofTwoThreads === null ? '' : `, ${f.ofTwoThreads.toFixed(2)} × ${TWO_THREADS}`;
  const rollout = f.rolloutMilliseconds === null ? '' : ` (rollout ${f.rolloutMilliseconds.toFixed(0)})`;
  return (
    `${f.job} ${f.size} ${f.contestant}: ${f.tokensPerSecond.toFixed(0)} tokens/s, median ` +
    `${f.milliseconds.toFixed(0)} ms${rollout}, best ${f.best.toFixed(0)}, CPU ${f.cpuMilliseconds.toFixed(0)} ms${ratio}`
  );
}
