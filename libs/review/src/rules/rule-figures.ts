import type { DataSet, RuleEvidence, RuleFigures } from '@qingnang/contracts';
import { RULE_CONFIDENCE } from '@qingnang/contracts';
import { atLeast, atMost, exactInterval } from '@qingnang/stats';

/** Texts of one kind that were drawn, by what became of them. */
export interface Reading {
  dataSet: DataSet;
  source: string;
  promptVersion: string | null;
  /** unread: nobody has decided. gone: put aside, withdrawn or changed before anybody did. */
  outcome: 'good' | 'fault' | 'unread' | 'gone';
  n: number;
}

const count = (readings: readonly Reading[], ...outcomes: Reading['outcome'][]): number =>
  readings.reduce((sum, { outcome, n }) => (outcomes.includes(outcome) ? sum + n : sum), 0);

export const unreadOf = (readings: readonly Reading[]): number => count(readings, 'unread');
export const goneOf = (readings: readonly Reading[]): number => count(readings, 'gone');

/** The share of faults among the texts that were read, with its exact limits. */
export function figuresOf(readings: readonly Reading[]): RuleFigures {
  const faults = count(readings, 'fault');
  const read = faults + count(readings, 'good');
  const interval = exactInterval(faults, read);
  return {
    read,
    faults,
    rate: read === 0 ? null : faults / read,
    low: interval?.[0] ?? null,
    high: interval?.[1] ?? null,
    atMost: atMost(faults, read, RULE_CONFIDENCE),
    atLeast: atLeast(faults, read, RULE_CONFIDENCE),
  };
}

/** The same for each value of where the texts come from, in the order of the values. */
function by<T extends string | null>(
  readings: readonly Reading[],
  valueOf: (reading: Reading) => T,
): (RuleFigures & { value: T })[] {
  const values = [...new Set(readings.map(valueOf))].sort((a, b) => ((a ?? '') < (b ?? '') ? -1 : 1));
  return values.map((value) => ({ value, ...figuresOf(readings.filter((reading) => valueOf(reading) === value)) }));
}

export function evidenceOf(
  rule: { bar: number; seed: number; population: number | null; drawn: number | null },
  readings: readonly Reading[],
): RuleEvidence {
  return {
    bar: rule.bar,
    confidence: RULE_CONFIDENCE,
    seed: rule.seed,
    population: rule.population ?? 0,
    drawn: rule.drawn ?? 0,
    all: figuresOf(readings),
    dataSets: by(readings, ({ dataSet }) => dataSet),
    sources: by(readings, ({ source }) => source),
    promptVersions: by(readings, ({ promptVersion }) => promptVersion),
  };
}

/**
 * Whether the spot checks show more faults than the bar allows: in all that was read, sample and spot checks together, or,
 * at 95 %, in the spot checks alone.
 */
export function isAboveBar(bar: number, sample: RuleFigures, checks: RuleFigures): boolean {
  if (checks.faults === 0) return false;
  const rate = (sample.faults + checks.faults) / (sample.read + checks.read);
  return rate > bar || checks.atLeast! > bar;
}
