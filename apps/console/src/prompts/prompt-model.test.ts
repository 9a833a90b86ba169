import type { CandidateView, JudgementView } from '@qingnang/contracts';
import { describe, expect, it } from 'vitest';
import { aiOpinions, bestFirst } from './prompt-model';

const judged = (totals: Record<string, number>, changes: Partial<JudgementView> = {}): JudgementView =>
  ({
    origin: 'ai',
    rubricVersionId: 'r',
    referenceId: null,
    items: Object.entries(totals).map(([candidateId, total]) => ({
      candidateId,
      total,
      scores: { correctness: total },
    })),
    ...changes,
  }) as unknown as JudgementView;

describe('what the AI says of a candidate', () => {
  it('is the mean over both orders, under the newest rubric and reference', () => {
    const opinions = aiOpinions([
      judged({ a: 8, b: 5 }),
      judged({ a: 6, b: 6 }),
      judged({ a: 1, b: 9 }, { rubricVersionId: 'older' }),
      judged({ a: 1, b: 9 }, { origin: 'doctor' }),
    ]);
    expect(opinions.get('a')).toEqual({ total: 7, scores: { correctness: 7 } });
    expect(opinions.get('b')?.total).toBe(5.5);
  });

  it('puts the best first, and those without a word last', () => {
    const candidates = ['c', 'b', 'a'].map((id, sampleIndex) => ({ id, sampleIndex }) as CandidateView);
    const ordered = bestFirst(candidates, aiOpinions([judged({ a: 8, b: 5 })]));
    expect(ordered.map((candidate) => candidate.id)).toEqual(['a', 'b', 'c']);
  });
});
