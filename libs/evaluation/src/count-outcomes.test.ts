import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countOutcomes, type JudgedQuestion } from './count-outcomes.js';
import type { OrderedVerdict } from './outcomes.js';

const outcome = fc.constantFrom('first' as const, 'second' as const, 'tie' as const);
const verdicts = fc
  .tuple(fc.option(outcome), fc.option(outcome))
  .map(([a, b]): OrderedVerdict[] => [
    ...(a === null ? [] : [{ first: 'a' as const, outcome: a }]),
    ...(b === null ? [] : [{ first: 'b' as const, outcome: b }]),
  ]);
const question = fc.record({
  category: fc.constantFrom('', '治疗方案', '就医建议'),
  verdicts,
  lengthA: fc.option(fc.nat({ max: 200 })),
  lengthB: fc.option(fc.nat({ max: 200 })),
});

/** The same evaluation with the models changed over. */
const turned = (questions: readonly JudgedQuestion[]): JudgedQuestion[] =>
  questions.map(({ verdicts: said, lengthA, lengthB, category }) => ({
    category,
    lengthA: lengthB,
    lengthB: lengthA,
    verdicts: said.map(({ first, outcome: preferred }) => ({ first: first === 'a' ? 'b' : 'a', outcome: preferred })),
  }));

describe('an evaluation’s figures', () => {
  it('count every question once, in all and by category, and turn round with the models', () => {
    fc.assert(
      fc.property(fc.array(question, { maxLength: 40 }), (questions) => {
        const sum = countOutcomes(questions);
        expect(sum.win + sum.tie + sum.loss + sum.missing).toBe(questions.length);
        expect(sum.flips).toBeLessThanOrEqual(sum.tie);
        for (const key of ['questions', 'win', 'tie', 'loss', 'flips', 'missing'] as const) {
          expect(sum.byCategory.reduce((total, row) => total + row[key], 0)).toBe(sum[key]);
        }
        const other = countOutcomes(turned(questions));
        expect([other.win, other.tie, other.loss, other.flips]).toEqual([sum.loss, sum.tie, sum.win, sum.flips]);
      }),
    );
  });

  it('say how sure they are', () => {
    const won: JudgedQuestion = {
      category: '',
      verdicts: [
        { first: 'a', outcome: 'first' },
        { first: 'b', outcome: 'second' },
      ],
      lengthA: 10,
      lengthB: 30,
    };
    const flipped: JudgedQuestion = { ...won, verdicts: [won.verdicts[0]!, { first: 'b', outcome: 'first' }] };
    const sum = countOutcomes([won, won, won, flipped]);
    expect(sum).toMatchObject({ win: 3, tie: 1, loss: 0, flips: 1, flipRate: 0.25, score: 0.875, winShare: 1 });
    expect(sum.winInterval![0]).toBeCloseTo(0.4385, 3);
    expect(sum.answerLength).toEqual({ a: 10, b: 30 });
    expect(countOutcomes([])).toMatchObject({ score: 0, winShare: null, winInterval: null, flipRate: 0 });
  });
});
