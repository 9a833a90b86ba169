import type { MetricBatch, MetricPoint } from '@qingnang/contracts';

export interface UploadTarget {
  /** Address of the platform, without the `/api` part. */
  platform: string;
  project: string;
  run: string;
  /** Token that may write to this run and nothing else. */
  token: string;
}

export interface UploadTiming {
  /** Between a point and the batch that carries it. */
  lingerMs: number;
  /** First pause after a failure; doubled each time up to `maxPauseMs`. */
  firstPauseMs: number;
  maxPauseMs: number;
  /** One request may take so long. */
  requestMs: number;
}

const usual: UploadTiming = { lingerMs: 1000, firstPauseMs: 1000, maxPauseMs: 60_000, requestMs: 10_000 };

const BATCH = 500;
/** Beyond this the oldest wait no longer: `metrics.jsonl` has them all. */
const MAX_WAITING = 100_000;

/**
 * Sends metrics to the platform in the background. Training never waits for it and never fails by it: what cannot be sent
 * stays in `metrics.jsonl`, and a batch sent twice changes nothing, because points are keyed by (attempt, step, key).
 */
export class MetricsUploader {
  private waiting: MetricPoint[] = [];
  private timer: NodeJS.Timeout | null = null;
  private sending: Promise<void> | null = null;
  private failures = 0;
  private refused = false;
  private readonly url: string;

  constructor(
    private readonly target: UploadTarget,
    private readonly log: (line: string) => void,
    private readonly timing: UploadTiming = usual,
  ) {
    const { platform, project, run } = target;
    this.url = `${platform.replace(/\/+$/, '')}/api/v1/projects/${encodeURIComponent(project)}/runs/${encodeURIComponent(run)}/metrics`;
  }

  add(...points: MetricPoint[]): void {
    if (this.refused) return;
    this.waiting.push(...points);
    if (this.waiting.length > MAX_WAITING) this.waiting.splice(0, this.waiting.length - MAX_WAITING);
    this.schedule(this.timing.lingerMs);
  }

  /** Sends what waits, giving up after `limitMs`. @returns points not delivered */
  async close(limitMs: number): Promise<number> {
    const deadline = Date.now() + limitMs;
    while (this.waiting.length > 0 && !this.refused && Date.now() < deadline) {
      this.cancelTimer();
      await withinLimit(this.send(), deadline - Date.now());
      if (this.failures > 0) await pause(Math.min(this.pauseMs(), deadline - Date.now()));
    }
    this.cancelTimer();
    if (this.waiting.length > 0) this.log(`${this.waiting.length} metrics were not delivered; metrics.jsonl has them.`);
    return this.waiting.length;
  }

  private schedule(ms: number): void {
    if (this.timer || this.sending) return;
    this.timer = setTimeout(() => {
      this.timer = null;
      void this.send();
    }, ms);
    this.timer.unref();
  }

  private cancelTimer(): void {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
  }

  private send(): Promise<void> {
    this.sending ??= this.sendBatch().finally(() => {
      this.sending = null;
      if (this.waiting.length > 0 && !this.refused)
        this.schedule(this.failures > 0 ? this.pauseMs() : this.timing.lingerMs);
    });
    return this.sending;
  }

  private async sendBatch(): Promise<void> {
    const points = this.waiting.slice(0, BATCH);
    if (points.length === 0) return;
    const outcome = await this.post({ points });
    if (outcome === 'delivered') {
      const sent = new Set(points);
      this.waiting = this.waiting.filter((point) => !sent.has(point));
      if (this.failures > 0) this.log('The platform takes metrics again.');
      this.failures = 0;
    } else if (outcome === 'later') {
      if (this.failures++ === 0) this.log('The platform does not take metrics now; trying again in the background.');
    } else {
      this.refused = true;
      this.log(`The platform refuses the metrics (${outcome}); they stay in metrics.jsonl only.`);
    }
  }

  private async post(batch: MetricBatch): Promise<'delivered' | 'later' | `HTTP ${number}`> {
    try {
      const response = await fetch(this.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${this.target.token}` },
        body: JSON.stringify(batch),
        signal: AbortSignal.timeout(this.timing.requestMs),
      });
      await response.arrayBuffer();
      if (response.ok) return 'delivered';
      const passing = response.status >= 500 || response.status === 408 || response.status === 429;
      return passing ? 'later' : `HTTP ${response.status}`;
    } catch {
      return 'later';
    }
  }

  private pauseMs(): number {
    return Math.min(this.timing.firstPauseMs * 2 ** Math.min(this.failures - 1, 20), this.timing.maxPauseMs);
  }
}

/** Waits for the work or the limit, leaving no timer behind that would keep the process alive. */
async function withinLimit(work: Promise<void>, ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<void>((resolve) => (timer = setTimeout(resolve, Math.max(0, ms))));
  await Promise.race([work, limit]);
  clearTimeout(timer);
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.max(0, ms)));
}
