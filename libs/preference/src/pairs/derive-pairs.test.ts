import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aiTotals, derivePairs, type JudgementForPairs } from './derive-pairs.js';

const ids = ['a', 'b', 'c', 'd', 'e'];
type Item = JudgementForPairs['items'][number];

const judgement = (
  origin: JudgementForPairs['origin'],
  values: Record<string, number>,
  bad: string[] = [],
): JudgementForPairs => ({
  origin,
  rubricVersionId: 'rubric',
  referenceId: null,
  aiOrderShown: false,
  items: Object.entries(values).map(([candidateId, value]): Item => ({
    candidateId,
    // For the AI the value is a total, for people a rank.
    rank: origin === 'ai' ? 1 : value,
    total: origin === 'ai' ? value : null,
    bad: bad.includes(candidateId),
  })),
});

const scores = fc.record(Object.fromEntries(ids.map((id) => [id, fc.integer({ min: 2, max: 20 }).map((n) => n / 2)])));
const ranks = fc.record(Object.fromEntries(ids.map((id) => [id, fc.integer({ min: 1, max: 5 })])));
const badOnes = fc.subarray(ids);
const names = (judgements: JudgementForPairs[], minMargin = 0.5): string[] =>
  derivePairs(judgements, { minMargin }).map(({ chosenId, rejectedId }) => `${chosenId}>${rejectedId}`);

describe('pairs', () => {
  it('never contradict each other, whoever judged', () => {
    fc.assert(
      fc.property(scores, ranks, ranks, badOnes, (totals, first, second, bad) => {
        const found = names([judgement('doctor', first, bad), judgement('lay', second), judgement('ai', totals)]);
        expect(new Set(found).size).toBe(found.length);
        for (const pair of found) expect(found).not.toContain(pair.split('>').reverse().join('>'));
      }),
    );
  });

  it('of one judgement follow one order: better than the better is better', () => {
    const holds = (found: string[]): void => {
      for (const ab of found)
        for (const bc of found) {
          const [[a, b], [b2, c]] = [ab.split('>'), bc.split('>')] as [[string, string], [string, string]];
          if (b === b2) expect(found).toContain(`${a}>${c}`);
        }
    };
    fc.assert(fc.property(ranks, badOnes, (order, bad) => holds(names([judgement('doctor', order, bad)]))));
    fc.assert(
      fc.property(scores, fc.constantFrom(0.5, 1, 3), (totals, margin) =>
        holds(names([judgement('ai', totals)], margin)),
      ),
    );
  });

  it('turn with the judgement', () => {
    fc.assert(
      fc.property(ranks, (order) => {
        const turned = Object.fromEntries(Object.entries(order).map(([id, rank]) => [id, 6 - rank]));
        const flipped = names([judgement('doctor', turned)]).map((pair) => pair.split('>').reverse().join('>'));
        expect(flipped.sort()).toEqual(names([judgement('doctor', order)]).sort());
      }),
    );
  });

  it('do not depend on the order in which items were stored', () => {
    fc.assert(
      fc.property(scores, ranks, (totals, order) => {
        const made = [judgement('doctor', order), judgement('ai', totals)];
        const turned = made.map((one) => ({ ...one, items: [...one.items].reverse() }));
        expect(derivePairs(turned, { minMargin: 0.5 })).toEqual(derivePairs(made, { minMargin: 0.5 }));
      }),
    );
  });

  it('let doctors decide over the AI, with the AI’s margin only where it agrees', () => {
    const found = derivePairs([judgement('doctor', { a: 2, b: 1, c: 3 }), judgement('ai', { a: 9, b: 4, c: 2 })], {
      minMargin: 0.5,
    });
    expect(found).toEqual([
      { chosenId: 'b', rejectedId: 'a', evidence: 'doctor', margin: null },
      { chosenId: 'a', rejectedId: 'c', evidence: 'doctor', margin: 7 },
      { chosenId: 'b', rejectedId: 'c', evidence: 'doctor', margin: 2 },
    ]);
  });

  it('are none where doctors are split or see no difference, whatever the AI says', () => {
    const ai = judgement('ai', { a: 9, b: 2 });
    expect(names([judgement('doctor', { a: 1, b: 2 }), judgement('doctor', { a: 2, b: 1 }), ai])).toEqual([]);
    expect(names([judgement('doctor', { a: 1, b: 1 }), ai])).toEqual([]);
  });

  it('say where people had seen the AI’s order, unless one who had not agrees', () => {
    const shown = { ...judgement('doctor', { a: 1, b: 2 }), aiOrderShown: true };
    const evidence = (...made: JudgementForPairs[]) => derivePairs(made, { minMargin: 0.5 })[0]?.evidence;
    const ai = judgement('ai', { a: 9, b: 2 });
    expect(evidence(shown, ai)).toBe('doctor_confirmed');
    expect(evidence({ ...shown, origin: 'lay' }, ai)).toBe('lay_confirmed');
    expect(evidence(shown, judgement('doctor', { a: 1, b: 2 }), ai)).toBe('doctor');
    // A blind doctor who saw it the other way is outvoted, not counted in.
    expect(evidence(shown, shown, judgement('doctor', { a: 2, b: 1 }), ai)).toBe('doctor_confirmed');
    // Lay people who judged blind do not make up for doctors who did not.
    expect(evidence(shown, judgement('lay', { a: 1, b: 2 }), ai)).toBe('doctor_confirmed');
  });

  it('never choose what a doctor called bad', () => {
    expect(names([judgement('doctor', { a: 1, b: 2, c: 3 }, ['a'])]).sort()).toEqual(['b>a', 'b>c', 'c>a']);
    expect(names([judgement('doctor', { a: 1, b: 2 }, ['a', 'b'])])).toEqual([]);
  });

  it('take the mean of both orders, and less than the margin for no preference', () => {
    const both = [judgement('ai', { a: 8, b: 7 }), judgement('ai', { a: 6, b: 7 })];
    expect(aiTotals(both)).toEqual(
      new Map([
        ['a', 7],
        ['b', 7],
      ]),
    );
    expect(names(both)).toEqual([]);
    expect(names([judgement('ai', { a: 7.25, b: 7 })])).toEqual([]);
    expect(derivePairs([judgement('ai', { a: 7.5, b: 7 })], { minMargin: 0.5 })).toMatchObject([{ margin: 0.5 }]);
  });

  it('forget an AI judgement by an older rubric or reference', () => {
    const old = { ...judgement('ai', { a: 1, b: 9 }), rubricVersionId: 'older' };
    expect(names([judgement('ai', { a: 8, b: 4 }), old])).toEqual(['a>b']);
    expect(names([judgement('ai', { a: 8, b: 4 }), { ...old, rubricVersionId: 'rubric', referenceId: 'x' }])).toEqual([
      'a>b',
    ]);
  });
});
