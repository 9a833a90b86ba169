import type { BlindPairTask } from '@qingnang/contracts';
import { expect, it } from 'vitest';
import { blindKind } from './blind-kind';

const task = {} as BlindPairTask;

it('goes on from a verdict or a reason, and from nothing that is neither', () => {
  expect(blindKind.restore({ verdict: 'tie', reason: '一样' }, task)).toEqual({ verdict: 'tie', reason: '一样' });
  expect(blindKind.restore({ verdict: null, reason: '先写原因' }, task)).toEqual({ verdict: null, reason: '先写原因' });
  expect(blindKind.restore({ verdict: 'first' }, task)).toBeNull();
  expect(blindKind.restore(null, task)).toBeNull();
});

it('counts what was said, in order', () => {
  const said = (tally: typeof blindKind.noTally, verdict: 'tie' | 'a_better') =>
    blindKind.count(tally, { verdict, reply: {}, seconds: 10 });
  const tally = said(said(blindKind.noTally, 'tie'), 'a_better');
  expect(tally).toEqual({ verdicts: ['tie', 'a_better'], skipped: 0, seconds: 20 });
});
