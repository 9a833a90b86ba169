import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countOutcomes, type JudgedQuestion } from './count-outcomes.js';
import { type OrderedVerdict, outcomeOf } from './outcomes.js';

const outcome = fc.constantFrom('first' as const, 'second' as const, 'tie' as const);
const verdicts = fc
  .tuple(fc.option(outcome), fc.option(outcome))
  .map(([a, b]): OrderedVerdict[] => [
    ...(a === null ? [] : [{ first: 'a' as const, outcome: a }]),
    ...(b === null ? [] : [{ first: 'b' as const, outcome: b }]),
  ]);
const judge = fc.constantFrom('model' as const, 'doctors' as const);
interface Judged extends Omit<JudgedQuestion, 'said'> {
  judge: 'model' | 'doctors';
  verdicts: OrderedVerdict[];
}
const question = fc.record({
  category: fc.constantFrom('', '治疗方案', '就医建议'),
  judge,
  verdicts,
  lengthA: fc.option(fc.nat({ max: 200 })),
  lengthB: fc.option(fc.nat({ max: 200 })),
});

/** The same evaluation with the models changed over. */
const turned = (questions: readonly Judged[]): Judged[] =>
  questions.map(({ judge: kind, verdicts: said, lengthA, lengthB, category }) => ({
    category,
    judge: kind,
    lengthA: lengthB,
    lengthB: lengthA,
    verdicts: said.map(({ first, outcome: preferred }) => ({ first: first === 'a' ? 'b' : 'a', outcome: preferred })),
  }));

const count = (questions: readonly Judged[]) =>
  countOutcomes(questions.map((each) => ({ ...each, said: outcomeOf(each.judge, each.verdicts) })));

describe('an evaluation’s figures', () => {
  it('count every question once, in all and by category, and turn round with the models', () => {
    fc.assert(
      fc.property(fc.array(question, { maxLength: 40 }), (questions) => {
        const sum = count(questions);
        expect(sum.win + sum.tie + sum.loss + sum.missing).toBe(questions.length);
        expect(sum.flips).toBeLessThanOrEqual(sum.tie);
        for (const key of ['questions', 'win', 'tie', 'loss', 'flips', 'bothBad', 'missing'] as const) {
          expect(sum.byCategory.reduce((total, row) => total + row[key], 0)).toBe(sum[key]);
        }
        const other = count(turned(questions));
        expect([other.win, other.tie, other.loss, other.flips]).toEqual([sum.loss, sum.tie, sum.win, sum.flips]);
      }),
    );
  });

  it('say how sure they are', () => {
    const won: Judged = {
      category: '',
      judge: 'model',
      verdicts: [
        { first: 'a', outcome: 'first' },
        { first: 'b', outcome: 'second' },
      ],
      lengthA: 10,
      lengthB: 30,
    };
    const flipped: Judged = { ...won, verdicts: [won.verdicts[0]!, { first: 'b', outcome: 'first' }] };
    const sum = count([won, won, won, flipped]);
    expect(sum).toMatchObject({ win: 3, tie: 1, loss: 0, flips: 1, flipRate: 0.25, score: 0.875, winShare: 1 });
    expect(sum.winInterval![0]).toBeCloseTo(0.4385, 3);
    expect(sum.answerLength).toEqual({ a: 10, b: 30 });
    expect(countOutcomes([])).toMatchObject({ score: 0, winShare: null, winInterval: null, flipRate: 0 });
  });

  it('count most of the doctors, and how often both answers were bad', () => {
    const said = (...outcomes: OrderedVerdict['outcome'][]) =>
      outcomeOf(
        'doctors',
        outcomes.map((each, i) => ({ first: i % 2 === 0 ? 'a' : 'b', outcome: each })),
      );
    expect(said()).toBeNull();
    // The second doctor saw them the other way round.
    expect(said('first', 'second', 'second')).toMatchObject({ outcome: 'win', flipped: false });
    expect(said('first', 'first')).toMatchObject({ outcome: 'tie', bothBad: false });
    expect(said('both_bad', 'both_bad', 'second')).toEqual({ outcome: 'loss', flipped: false, bothBad: true });
  });
});
