/** Where the progress of a run is shown: a terminal redraws one line, anything else gets a line now and then. */
export interface ProgressTarget {
  write(text: string): void;
  terminal: boolean;
  /** Characters of a terminal's line. */
  columns: number;
}

/** Without a terminal: between two lines. */
const BETWEEN_LINES_MS = 30_000;
const BETWEEN_DRAWINGS_MS = 200;
/** Of the steps before, in the time a step is thought to take. */
const MEMORY = 0.9;

/** What tells how a run goes: its loss, of PPO the score. */
export interface WatchedFigure {
  name: string;
  value: number;
}

/** Step, loss or score, speed and time left of a run, by the wall clock. */
export class ProgressLine {
  private shownAt = -Infinity;
  private lastAt: number | null = null;
  private stepMs: number | null = null;
  private drawn = false;

  /** @param now milliseconds of a clock that only goes forward */
  constructor(
    private readonly target: ProgressTarget | null,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /**
   * @param tokensPerSecond of this step
   * @param figure what is watched of it, by name
   */
  step(step: number, steps: number, tokensPerSecond: number, figure: WatchedFigure | null): void {
    const time = this.now();
    if (this.lastAt !== null) {
      const took = time - this.lastAt;
      this.stepMs = this.stepMs === null ? took : MEMORY * this.stepMs + (1 - MEMORY) * took;
    }
    this.lastAt = time;
    if (!this.target) return;
    const wait = this.target.terminal ? BETWEEN_DRAWINGS_MS : BETWEEN_LINES_MS;
    if (time - this.shownAt < wait && step < steps) return;
    this.shownAt = time;
    const leftMs = this.stepMs === null ? null : (steps - step) * this.stepMs;
    const line = progressText({ step, steps, tokensPerSecond, figure, leftMs });
    if (this.target.terminal) {
      this.target.write(`\r\u001b[K${line.slice(0, this.target.columns - 1)}`);
      this.drawn = true;
    } else this.target.write(line + '\n');
  }

  /** Makes room for a line of text; the next step draws anew below it. */
  clear(): void {
    if (!this.drawn) return;
    this.target!.write('\r\u001b[K');
    this.drawn = false;
  }
}

interface Progress {
  step: number;
  steps: number;
  tokensPerSecond: number;
  figure: WatchedFigure | null;
  /** Not known of the first step: reading rows and loading models went before it. */
  leftMs: number | null;
}

/** `[#####···············]  120/500  24 %  loss 2.314  3,960 tokens/s  1 min 40 s left` */
export function progressText({ step, steps, tokensPerSecond, figure, leftMs }: Progress): string {
  const share = Math.min(1, step / steps);
  const full = Math.round(BAR * share);
  return [
    `[${'#'.repeat(full)}${'·'.repeat(BAR - full)}]`,
    `${step}/${steps}`,
    `${Math.floor(100 * share)} %`,
    ...(figure === null ? [] : [`${figure.name} ${figure.value.toFixed(3)}`]),
    `${Math.round(tokensPerSecond).toLocaleString('en')} tokens/s`,
    ...(leftMs === null ? [] : [`${duration(leftMs)} left`]),
  ].join('  ');
}

const BAR = 20;

function duration(ms: number): string {
  const seconds = Math.round(ms / 1000);
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  if (hours > 0) return `${hours} h ${minutes % 60} min`;
  return minutes > 0 ? `${minutes} min ${seconds % 60} s` : `${seconds} s`;
}
