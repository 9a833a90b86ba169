import { describe, expect, it } from 'vitest';
import { bodyOf, PROPOSED, sizesOf } from './rule-model';
import { shareWords } from './share-words';

describe('the form of a rule', () => {
  it('says its bar as a share, and leaves out conditions that ask for nothing', () => {
    expect(
      bodyOf({ name: '抽样', bar: 0.5, size: 598, checkSize: null, filter: { dataSet: [], polished: true } }),
    ).toEqual({
      ...{ name: '抽样', bar: 0.005, size: 598, checkSize: 0 },
      ...{ filter: { polished: true }, unpolished: false, roles: ['annotator'] },
    });
    expect(bodyOf({ ...PROPOSED, seed: 0 })).toMatchObject({ bar: 0.01, size: 299, seed: 0 });
  });

  it('asks for sizes only with a bar that is one', () => {
    for (const bar of [null, undefined, 0, 0.01, 60]) expect(sizesOf({ bar: bar as number })).toBeNull();
    expect(sizesOf({ bar: 1 })).toEqual({ filter: {}, unpolished: false, bar: 0.01 });
  });
});

it('shares are said as exactly as small ones need', () => {
  expect([0, 0.00338, 0.01, 0.1764, 1].map(shareWords)).toEqual(['0%', '0.34%', '1%', '17.6%', '100%']);
});
