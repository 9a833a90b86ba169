import fc from 'fast-check';
import { expect, it } from 'vitest';
import { logSoftmax } from '../maths/log-probs.js';
import { sampledLogProb } from './sampled-log-probs.js';

it('tells log-probabilities and the likeliest, by hand', () => {
  const logits = [0, Math.log(2), Math.log(5), Math.log(2)];
  const { id, logProb, top } = sampledLogProb(logits, 0, 2);
  expect([id, logProb]).toEqual([0, expect.closeTo(Math.log(0.1), 12)]);
  expect(top).toEqual([
    { id: 2, logProb: expect.closeTo(Math.log(0.5), 12) as number },
    { id: 1, logProb: expect.closeTo(Math.log(0.2), 12) as number },
  ]);
  expect(sampledLogProb(logits, 3, 0).top).toEqual([]);
});

it('agrees with a sorted log-softmax', () => {
  const rows = fc.array(fc.double({ min: -300, max: 300, noNaN: true }), { minLength: 2, maxLength: 30 });
  fc.assert(
    fc.property(rows, fc.nat(5), (logits, count) => {
      const all = logSoftmax(logits);
      const { top } = sampledLogProb(logits, 1, count);
      const wanted = all.toSorted((a, b) => b - a).slice(0, count);
      expect(top).toHaveLength(wanted.length);
      top.forEach(({ id, logProb }, i) => {
        expect(logProb).toBeCloseTo(wanted[i]!, 9);
        expect(all[id]).toBeCloseTo(logProb, 9);
      });
    }),
  );
});
