import { z } from 'zod';
import { mixSeed } from './answer.js';

export const faultKinds = ['rate_limit', 'server_error', 'timeout', 'broken_json', 'cut_stream', 'delay'] as const;
export type FaultKind = (typeof faultKinds)[number];

/**
 * A fault to play. With `times` it strikes the next so many matching requests, else each with probability `rate`
 * (1 unless told), drawn by the server's seed and the count of requests.
 */
export const faultRule = z.object({
  kind: z.enum(faultKinds),
  rate: z.number().min(0).max(1).optional(),
  times: z.int().positive().optional(),
  /** Only this model. */
  model: z.string().optional(),
  /** For `rate_limit`: the wait that is asked for. */
  retryAfterMs: z.int().min(0).optional(),
  /** For `delay` and `timeout`: how long nothing is answered. */
  delayMs: z.int().min(0).optional(),
  /** For `server_error`; 500 unless told. */
  status: z.int().min(500).max(599).optional(),
});
export type FaultRule = z.infer<typeof faultRule>;

export const faultPlan = z.object({ faults: z.array(faultRule) });

/** For one request: `kind` or `kind=milliseconds`, e.g. `delay=200`. */
export const FAULT_HEADER = 'x-rehearsal-fault';

export function readFaultHeader(value: string | undefined): FaultRule | null {
  const found = /^(\w+)(?:=(\d+))?$/u.exec(value ?? '');
  if (!found) return null;
  const milliseconds = found[2] === undefined ? undefined : Number(found[2]);
  const parsed = faultRule.safeParse({ kind: found[1], delayMs: milliseconds, retryAfterMs: milliseconds });
  return parsed.success ? parsed.data : null;
}

/** Draws the fault of each request from the plan in force. */
export class FaultPlayer {
  private rules: FaultRule[] = [];
  private left: number[] = [];
  private requests = 0;

  constructor(
    private readonly seed: number,
    rules: readonly FaultRule[],
  ) {
    this.replace(rules);
  }

  get plan(): readonly FaultRule[] {
    return this.rules;
  }

  replace(rules: readonly FaultRule[]): void {
    this.rules = [...rules];
    this.left = rules.map((rule) => rule.times ?? Number.POSITIVE_INFINITY);
  }

  /** The first rule that strikes this request, `null` for an undisturbed one. */
  next(model: string): FaultRule | null {
    this.requests += 1;
    for (const [i, rule] of this.rules.entries()) {
      if ((rule.model !== undefined && rule.model !== model) || this.left[i]! <= 0) continue;
      const lot = mixSeed(this.seed, 'fault', this.requests, i) / 0x1_0000_0000;
      if (lot >= (rule.rate ?? 1)) continue;
      this.left[i] = this.left[i]! - 1;
      return rule;
    }
    return null;
  }
}
