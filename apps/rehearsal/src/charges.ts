import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';

const charge = z.object({
  key: z.string().nullable(),
  bodyHash: z.string(),
  id: z.string(),
  created: z.int(),
  model: z.string(),
  promptTokens: z.int(),
  completionTokens: z.int(),
  /** Answered with broken JSON; the same key gets the same broken answer. */
  broken: z.boolean(),
});
export type Charge = z.infer<typeof charge>;

export interface ChargeSummary {
  /** Charged calls, with and without a key. */
  calls: number;
  unkeyed: number;
  /** Answers given again under a known key, not charged. */
  replays: number;
  prompt_tokens: number;
  completion_tokens: number;
  /** Charges by `Idempotency-Key`; never above 1. */
  charges: Record<string, number>;
}

/**
 * What this server has charged. With a file, each charge is appended to it before its answer is sent, and read again at
 * the next start, so that a key is honoured across restarts; a torn last line is left out.
 */
export class ChargeBook {
  private readonly all: Charge[] = [];
  private readonly byKey = new Map<string, Charge>();
  private replays = 0;

  constructor(private readonly stateFile: string | null) {
    if (stateFile === null || !existsSync(stateFile)) return;
    const text = readFileSync(stateFile, 'utf8');
    for (const line of text.split('\n')) {
      const parsed = charge.safeParse(readJson(line));
      if (parsed.success) this.remember(parsed.data);
    }
    if (text !== '' && !text.endsWith('\n')) appendFileSync(stateFile, '\n');
  }

  get calls(): number {
    return this.all.length;
  }

  find(key: string | null): Charge | null {
    return key === null ? null : (this.byKey.get(key) ?? null);
  }

  add(entry: Charge): void {
    if (this.stateFile !== null) appendFileSync(this.stateFile, `${JSON.stringify(entry)}\n`);
    this.remember(entry);
  }

  replayed(): void {
    this.replays += 1;
  }

  summary(): ChargeSummary {
    const charges: Record<string, number> = {};
    for (const { key } of this.all) if (key !== null) charges[key] = (charges[key] ?? 0) + 1;
    const sum = (read: (entry: Charge) => number): number => this.all.reduce((total, entry) => total + read(entry), 0);
    return {
      calls: this.all.length,
      unkeyed: this.all.filter((entry) => entry.key === null).length,
      replays: this.replays,
      prompt_tokens: sum((entry) => entry.promptTokens),
      completion_tokens: sum((entry) => entry.completionTokens),
      charges,
    };
  }

  private remember(entry: Charge): void {
    this.all.push(entry);
    if (entry.key !== null) this.byKey.set(entry.key, entry);
  }
}

function readJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}
