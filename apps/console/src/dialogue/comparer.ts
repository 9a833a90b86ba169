import type { Comparison } from './comparing';
import type { Question } from './comparing.worker';

type Answer = Comparison & { n: number };
type Listener = (n: number, comparison: Comparison) => void;

/** Texts longer than this are compared once the hands rest: drawing thousands of marks anew takes its time. */
const LONG = 4_000;
const REST_MS = 250;

/**
 * Compares texts off the key path: in a worker, one question at a time for each turn, the newest words only. Without
 * workers (old browsers, tests) it does so when the page has drawn.
 */
export class Comparer {
  private worker: Worker | null = null;
  private readonly wanted = new Map<number, Question>();
  private readonly asked = new Set<number>();
  private readonly timers = new Map<number, ReturnType<typeof setTimeout>>();

  constructor(private readonly onAnswer: Listener) {}

  ask(question: Question): void {
    this.wanted.set(question.n, question);
    clearTimeout(this.timers.get(question.n));
    const rest = question.text.length + question.original.length > LONG ? REST_MS : 0;
    this.timers.set(
      question.n,
      setTimeout(() => this.send(question.n), rest),
    );
  }

  close(): void {
    for (const timer of this.timers.values()) clearTimeout(timer);
    this.worker?.terminate();
    this.worker = null;
    this.wanted.clear();
    this.asked.clear();
  }

  private send(n: number): void {
    const question = this.wanted.get(n);
    if (!question || this.asked.has(n)) return;
    this.asked.add(n);
    if (typeof Worker === 'undefined') return void this.compareHere(question);
    this.worker ??= this.start();
    this.worker.postMessage(question);
  }

  /** The rules come along only where they are needed: pages with workers don't load them twice. */
  private async compareHere({ n, original, text }: Question): Promise<void> {
    const { compare } = await import('./comparing');
    this.take({ n, ...compare(original, text) });
  }

  private start(): Worker {
    const worker = new Worker(new URL('./comparing.worker.ts', import.meta.url), { type: 'module' });
    worker.onmessage = ({ data }: MessageEvent<Answer>) => this.take(data);
    return worker;
  }

  private take({ n, ...comparison }: Answer): void {
    this.asked.delete(n);
    const wanted = this.wanted.get(n);
    if (wanted && (wanted.text !== comparison.text || wanted.original !== comparison.original)) return this.send(n);
    this.wanted.delete(n);
    this.onAnswer(n, comparison);
  }
}
