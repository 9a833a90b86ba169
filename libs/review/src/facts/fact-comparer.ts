import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { compareFactsInSlices, type Finding } from '@qingnang/text';
import type { Question, Reply } from './comparing.worker.js';

/** Texts up to so many characters are compared between two requests; more go to a thread of their own. */
const SHORT = 1_500;
/** What takes longer is given up: nobody waits for it at a screen. */
const CAP_MS = 5_000;

type Pairs = Question['pairs'];

/**
 * Compares texts without holding up the other requests of this process: short ones in slices, long ones in a thread,
 * under a time cap.
 */
export class FactComparer {
  private thread: Worker | null = null;
  private serial = 0;
  private readonly asked = new Map<number, { done: (findings: Finding[][] | null) => void; pairs: Pairs }>();

  constructor(
    private readonly file: URL = new URL('./comparing.worker.js', import.meta.url),
    private readonly capMs = CAP_MS,
  ) {}

  /** What each pair's text lost, added or changed; null where it could not be found out in time. */
  compare(pairs: Pairs): Promise<Finding[][] | null> {
    const length = pairs.reduce((sum, [original, text]) => sum + original.length + text.length, 0);
    // Run from its sources, as by tests, there is no file that a thread could load.
    if (length <= SHORT || !existsSync(fileURLToPath(this.file))) return this.compareHere(pairs);
    return this.compareInThread(pairs);
  }

  private async compareHere(pairs: Pairs): Promise<Finding[][] | null> {
    const until = performance.now() + this.capMs;
    const findings: Finding[][] = [];
    const pause = () => new Promise((resume) => setImmediate(resume));
    for (const [original, text] of pairs) {
      if (performance.now() > until) return null;
      findings.push(await compareFactsInSlices(original, text, pause));
    }
    return findings;
  }

  private compareInThread(pairs: Pairs): Promise<Finding[][] | null> {
    const id = ++this.serial;
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.giveUp(id), this.capMs);
      const done = (findings: Finding[][] | null) => {
        clearTimeout(timer);
        this.asked.delete(id);
        resolve(findings);
      };
      this.asked.set(id, { done, pairs });
      this.thread ??= this.start();
      this.thread.postMessage({ id, pairs } satisfies Question);
    });
  }

  private start(): Worker {
    const thread = new Worker(this.file);
    thread.on('message', ({ id, findings }: Reply) => this.asked.get(id)?.done(findings));
    thread.on('error', () => this.restart());
    // A process that has nothing else to do may end.
    thread.unref();
    return thread;
  }

  /** The thread may be at this question or at one before: both have had their time. Those behind get a new thread. */
  private giveUp(id: number): void {
    this.asked.get(id)?.done(null);
    this.restart();
  }

  private restart(): void {
    void this.thread?.terminate();
    this.thread = null;
    if (this.asked.size === 0) return;
    this.thread = this.start();
    for (const [id, { pairs }] of this.asked) this.thread.postMessage({ id, pairs } satisfies Question);
  }
}
