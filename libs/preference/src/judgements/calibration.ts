import type { Calibration, JudgementView } from '@qingnang/contracts';
import { kendallTauB, mean, pairAgreement, type PairAgreement } from '@qingnang/stats';
import { aiTotals } from '../pairs/derive-pairs.js';

type Figures = Omit<Calibration, 'doctors'>;

/**
 * Holds the AI's order against those of doctors who ranked blind. Judgements made over the AI's order are left out: they
 * would measure how persuasive the AI is. Each entry holds all judgements of one prompt, newest first.
 */
export function calibrate(prompts: readonly (readonly JudgementView[])[]): Figures {
  const taus: number[] = [];
  const byDimension: DimensionSums = new Map();
  const sum: Figures = { ...NOTHING };
  for (const judgements of prompts) {
    const ai = judgements.filter((one) => one.origin === 'ai');
    const totals = aiTotals(judgements);
    const compared = judgements.filter(
      (one) => one.origin === 'doctor' && !one.aiOrderShown && overlap(one, totals) >= 2,
    );
    for (const blind of compared) {
      const both = blind.items.filter((item) => totals.has(item.candidateId));
      // Rank 1 is best, a total is better the larger.
      const worth = both.map((item) => -item.rank);
      const ids = both.map((item) => item.candidateId);
      const scores = ids.map((id) => totals.get(id)!);
      const tau = kendallTauB(worth, scores);
      if (tau !== null) taus.push(tau);
      addPairs(sum, pairAgreement(worth, scores));
      addDimensions(byDimension, dimensionScores(ai, ids), worth);
    }
    sum.judgements += compared.length;
    sum.prompts += compared.length > 0 ? 1 : 0;
    sum.rehearsal ||= compared.length > 0 && ai.some((one) => one.rehearsal);
    const flips = orderFlips(ai);
    sum.orderPairs += flips.pairs;
    sum.orderFlips += flips.flips;
  }
  const dimensions = [...byDimension].map(([key, { taus: of, ...rest }]) => ({ key, meanTauB: mean(of), ...rest }));
  return { ...sum, meanTauB: mean(taus), dimensions };
}

const NOTHING: Figures = {
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

type DimensionSums = Map<string, { taus: number[]; pairs: number; agreed: number }>;

/** Candidates that both have judged. */
function overlap(judgement: JudgementView, totals: ReadonlyMap<string, number>): number {
  return judgement.items.filter((item) => totals.has(item.candidateId)).length;
}

function addPairs(sum: Figures, { pairs, agreed, disagreed, tied }: PairAgreement): void {
  sum.pairs += pairs;
  sum.agreed += agreed;
  sum.disagreed += disagreed;
  sum.aiTied += tied;
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

function addDimensions(sums: DimensionSums, scores: ReadonlyMap<string, number[]>, worth: readonly number[]): void {
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
