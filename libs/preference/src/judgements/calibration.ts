import type { Calibration, JudgementView } from '@qingnang/contracts';
import { kendallTauB, mean, pairAgreement } from '@qingnang/stats';
import { aiTotals } from '../pairs/derive-pairs.js';

type Figures = Omit<Calibration, 'doctors'>;

/**
 * Holds the AI's order against those of doctors who ranked blind. Judgements made over the AI's order are left out: they
 * would measure how persuasive the AI is. Each entry holds all judgements of one prompt, newest first.
 */
export function calibrate(prompts: readonly (readonly JudgementView[])[]): Figures {
  const taus: number[] = [];
  const byDimension = new Map<string, { taus: number[]; pairs: number; agreed: number }>();
  const sum: Figures = {
    judgements: 0,
    prompts: 0,
    meanTauB: null,
    pairs: 0,
    agreed: 0,
    disagreed: 0,
    aiTied: 0,
    dimensions: [],
    orderPairs: 0,
    orderFlips: 0,
    rehearsal: false,
  };
  for (const judgements of prompts) {
    const ai = judgements.filter((one) => one.origin === 'ai');
    const totals = aiTotals(judgements);
    const before = sum.judgements;
    for (const blind of judgements.filter((one) => one.origin === 'doctor' && !one.aiOrderShown)) {
      const both = blind.items.filter((item) => totals.has(item.candidateId));
      if (both.length < 2) continue;
      sum.judgements++;
      // Rank 1 is best, a total is better the larger.
      const worth = both.map((item) => -item.rank);
      const ids = both.map((item) => item.candidateId);
      const scores = ids.map((id) => totals.get(id)!);
      const tau = kendallTauB(worth, scores);
      if (tau !== null) taus.push(tau);
      const agreement = pairAgreement(worth, scores);
      sum.pairs += agreement.pairs;
      sum.agreed += agreement.agreed;
      sum.disagreed += agreement.disagreed;
      sum.aiTied += agreement.tied;
      addDimensions(byDimension, dimensionScores(ai, ids), worth);
    }
    if (sum.judgements > before) {
      sum.prompts++;
      sum.rehearsal ||= ai.some((one) => one.rehearsal);
    }
    const flips = orderFlips(ai);
    sum.orderPairs += flips.pairs;
    sum.orderFlips += flips.flips;
  }
  const dimensions = [...byDimension].map(([key, { taus: of, ...rest }]) => ({ key, meanTauB: mean(of), ...rest }));
  return { ...sum, meanTauB: mean(taus), dimensions };
}

/** Mean points of these candidates, a dimension. */
function dimensionScores(ai: readonly JudgementView[], ids: readonly string[]): Map<string, number[]> {
  const keys = [...new Set(ai.flatMap((one) => one.items.flatMap((item) => Object.keys(item.scores))))];
  const points = (key: string, id: string): number =>
    mean(
      ai.flatMap((one) =>
        one.items.filter((item) => item.candidateId === id).flatMap((item) => item.scores[key] ?? []),
      ),
    ) ?? 0;
  return new Map(keys.map((key) => [key, ids.map((id) => points(key, id))]));
}

function addDimensions(
  sums: Map<string, { taus: number[]; pairs: number; agreed: number }>,
  scores: ReadonlyMap<string, number[]>,
  worth: readonly number[],
): void {
  for (const [key, points] of scores) {
    const before = sums.get(key) ?? { taus: [], pairs: 0, agreed: 0 };
    const tau = kendallTauB(worth, points);
    const { pairs, agreed } = pairAgreement(worth, points);
    sums.set(key, {
      taus: tau === null ? before.taus : [...before.taus, tau],
      pairs: before.pairs + pairs,
      agreed: before.agreed + agreed,
    });
  }
}

/** Pairs that the judge saw both ways round, and those it turned over with the order. */
function orderFlips(ai: readonly JudgementView[]): { pairs: number; flips: number } {
  const seen = new Map<string, Set<number>>();
  for (const judgement of ai) {
    for (const a of judgement.items) {
      for (const b of judgement.items) {
        if (a.positionShown >= b.positionShown || a.total === null || b.total === null) continue;
        const [low, high] = a.candidateId < b.candidateId ? [a, b] : [b, a];
        const key = `${low.candidateId}:${high.candidateId}:${low === a ? 'first' : 'second'}`;
        seen.set(key, (seen.get(key) ?? new Set()).add(Math.sign(low.total! - high.total!)));
      }
    }
  }
  const found = { pairs: 0, flips: 0 };
  for (const [key, first] of seen) {
    if (!key.endsWith(':first')) continue;
    const second = seen.get(key.replace(/first$/, 'second'));
    if (!second) continue;
    found.pairs++;
    if ([...first].some((sign) => sign !== 0 && second.has(-sign))) found.flips++;
  }
  return found;
}
