import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { goldenJson, largestDifference } from '../testing/golden.js';
import { dpoPairLoss, impliedRewards, type DpoLossSettings, type PairLogProbs } from './dpo-loss.js';
import { logSoftmax } from './log-probs.js';

type Logits = number[][][];
const golden = goldenJson<{
  beta: number;
  input_ids: number[][];
  completion_mask: number[][];
  logits: Logits;
  ref_logits: Logits;
  logps: Record<'chosen' | 'rejected' | 'ref_chosen' | 'ref_rejected', number[]>;
  rewards: Record<'chosen' | 'rejected', number[]>;
  cases: { name: string; label_smoothing: number; loss: number; grad_logits: Logits }[];
}>('losses/dpo.json');

const { input_ids: ids, completion_mask: mask, beta } = golden;
const PAIRS = ids.length / 2;
/** Σ log π of each row's completion; logits[t] predict token t + 1. */
const sums = (logits: Logits): number[] =>
  logits.map((row, r) =>
    ids[r]!.reduce((sum, id, t) => sum + (t > 0 && mask[r]![t] ? logSoftmax(row[t - 1]!)[id]! : 0), 0),
  );
const [policy, reference] = [sums(golden.logits), sums(golden.ref_logits)];
const tokens = mask.map((row) => row.reduce((sum, m) => sum + m, 0));
const pairs: PairLogProbs[] = Array.from({ length: PAIRS }, (_, i) => ({
  chosen: policy[i]!,
  rejected: policy[PAIRS + i]!,
  referenceChosen: reference[i]!,
  referenceRejected: reference[PAIRS + i]!,
  chosenTokens: tokens[i]!,
  rejectedTokens: tokens[PAIRS + i]!,
}));
const lossOf: Record<string, DpoLossSettings['loss']> = {
  sigmoid: 'sigmoid',
  conservative: 'sigmoid',
  ipo: 'ipo',
  'ipo, summed': 'ipo_summed',
  hinge: 'hinge',
  robust: 'robust',
};

describe('DPO beside TRL', () => {
  it('sums log-probabilities over the reply and takes β times their change for rewards', () => {
    const of = (pick: (p: PairLogProbs) => number): number[] => pairs.map(pick);
    expect(
      largestDifference(
        of((p) => p.chosen),
        golden.logps.chosen,
      ),
    ).toBeLessThan(1e-10);
    expect(
      largestDifference(
        of((p) => p.referenceRejected),
        golden.logps.ref_rejected,
      ),
    ).toBeLessThan(1e-10);
    const rewards = pairs.map((pair) => impliedRewards(pair, beta));
    for (const side of ['chosen', 'rejected'] as const) {
      expect(
        largestDifference(
          rewards.map((r) => r[side]),
          golden.rewards[side],
        ),
      ).toBeLessThan(1e-10);
    }
  });

  for (const c of golden.cases) {
    it(`gives its loss and gradient: ${c.name}`, () => {
      const settings = { loss: lossOf[c.name]!, beta, labelSmoothing: c.label_smoothing };
      const each = pairs.map((pair) => dpoPairLoss(pair, settings));
      expect(Math.abs(each.reduce((sum, { loss }) => sum + loss, 0) / PAIRS - c.loss)).toBeLessThan(1e-10);
      const bySum = [...each.map((e) => e.byChosen), ...each.map((e) => e.byRejected)].map((g) => g / PAIRS);
      const byLogits = golden.logits.map((row, r) =>
        row.map((logits, t) =>
          logSoftmax(logits).map((l, v) =>
            t + 1 < ids[r]!.length && mask[r]![t + 1] ? bySum[r]! * ((v === ids[r]![t + 1] ? 1 : 0) - Math.exp(l)) : 0,
          ),
        ),
      );
      expect(largestDifference(byLogits, c.grad_logits)).toBeLessThan(1e-10);
    });
  }
});

describe('DPO at its limits', () => {
  const number = fc.double({ min: -40, max: 40, noNaN: true });
  const anyPair = fc.record({
    chosen: number,
    rejected: number,
    referenceChosen: number,
    referenceRejected: number,
    chosenTokens: fc.integer({ min: 1, max: 50 }),
    rejectedTokens: fc.integer({ min: 1, max: 50 }),
  });
  const sigmoid = { loss: 'sigmoid' as const, labelSmoothing: 0 };

  it('starts at log 2 with the gradient −β/2, whatever the pair', () => {
    fc.assert(
      fc.property(anyPair, fc.double({ min: 1e-3, max: 5, noNaN: true }), (pair, b) => {
        const start = { ...pair, referenceChosen: pair.chosen, referenceRejected: pair.rejected };
        expect(dpoPairLoss(start, { ...sigmoid, beta: b })).toEqual({
          loss: Math.LN2,
          byChosen: -b / 2,
          byRejected: b / 2,
        });
      }),
    );
  });

  it('with β → 0 the loss goes to log 2 and the gradient to −β/2', () => {
    fc.assert(
      fc.property(anyPair, (pair) => {
        const b = 1e-8;
        const { loss, byChosen } = dpoPairLoss(pair, { ...sigmoid, beta: b });
        expect(Math.abs(loss - Math.LN2)).toBeLessThan(1e-6);
        expect(Math.abs(byChosen / b + 0.5)).toBeLessThan(1e-6);
      }),
    );
  });

  it('IPO with β → 0 pushes by −1/β however far the pair is, and with β → ∞ holds both replies where they were', () => {
    fc.assert(
      fc.property(anyPair, (pair) => {
        const b = 1e-8;
        const small = dpoPairLoss(pair, { loss: 'ipo_summed', labelSmoothing: 0, beta: b });
        expect(Math.abs(small.byChosen * b + 1)).toBeLessThan(1e-5);
        const large = dpoPairLoss(
          { ...pair, referenceChosen: pair.chosen, referenceRejected: pair.rejected },
          { loss: 'ipo', labelSmoothing: 0, beta: 1e8 },
        );
        expect(large.loss).toBeLessThan(1e-15);
      }),
    );
  });

  it('has the derivatives that differences give', () => {
    const losses = fc.constantFrom(...Object.values(lossOf));
    fc.assert(
      fc.property(anyPair, losses, fc.double({ min: 0.05, max: 1, noNaN: true }), (pair, loss, b) => {
        const settings = { loss, beta: b, labelSmoothing: 0.1 };
        const x = b * (pair.chosen - pair.referenceChosen - pair.rejected + pair.referenceRejected);
        fc.pre(Math.abs(x - 1) > 1e-3); // the hinge has none there
        const h = 1e-5;
        const at = (d: number): number => dpoPairLoss({ ...pair, chosen: pair.chosen + d }, settings).loss;
        const { byChosen } = dpoPairLoss(pair, settings);
        expect(Math.abs((at(h) - at(-h)) / (2 * h) - byChosen)).toBeLessThan(1e-5 * (1 + Math.abs(byChosen)));
      }),
    );
  });
});
