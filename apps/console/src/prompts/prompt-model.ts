import type { CandidateView, JudgementItem, JudgementView, PromptDetail } from '@qingnang/contracts';

/** What the AI said of a candidate: means over its judgements under the newest rubric and reference, so over both orders. */
export interface AiOpinion {
  total: number;
  scores: Record<string, number>;
}

/** The AI's newest word on each candidate; judgements are newest first. */
export function aiOpinions(judgements: readonly JudgementView[]): Map<string, AiOpinion> {
  const newest = judgements.find((one) => one.origin === 'ai');
  const heard = judgements.filter(
    (one) =>
      one.origin === 'ai' && one.rubricVersionId === newest?.rubricVersionId && one.referenceId === newest.referenceId,
  );
  const byCandidate = new Map<string, JudgementItem[]>();
  for (const item of heard.flatMap((one) => one.items)) {
    byCandidate.set(item.candidateId, [...(byCandidate.get(item.candidateId) ?? []), item]);
  }
  return new Map(
    [...byCandidate].flatMap(([id, items]) => {
      const totals = items.flatMap((item) => item.total ?? []);
      if (totals.length === 0) return [];
      const keys = Object.keys(items[0]!.scores);
      const scores = Object.fromEntries(
        keys.map((key) => [key, mean(items.flatMap((item) => item.scores[key] ?? []))]),
      );
      return [[id, { total: mean(totals), scores }] as const];
    }),
  );
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Best first by the AI; those without a word of it last, in the order drawn. */
export function bestFirst(
  candidates: readonly CandidateView[],
  opinions: ReadonlyMap<string, AiOpinion>,
): CandidateView[] {
  const total = (candidate: CandidateView): number => opinions.get(candidate.id)?.total ?? Number.NEGATIVE_INFINITY;
  return [...candidates].sort((a, b) => total(b) - total(a) || a.sampleIndex - b.sampleIndex);
}

/** Numbers candidates for this page, so that pairs and judgements can speak of them. */
export function numbersOf(prompt: PromptDetail): Map<string, number> {
  const ordered = bestFirst(prompt.candidates, aiOpinions(prompt.judgements));
  return new Map(ordered.map((candidate, i) => [candidate.id, i + 1]));
}
