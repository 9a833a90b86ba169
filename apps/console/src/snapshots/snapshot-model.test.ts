import { createSnapshot } from '@qingnang/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bodyOf, emptyForm, nameIsGood, nameOf, percent, sharesOf } from './snapshot-model';

describe('the form of a new snapshot', () => {
  it('makes a request that the API takes, whatever the percentages', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 100 }), fc.integer({ min: 0, max: 100 }), (validation, rest) => {
        const test = Math.min(rest, 100 - validation);
        const body = bodyOf({ ...emptyForm, validation: String(validation), test: String(test) });
        expect(createSnapshot.safeParse({ ...body, name: 'x' }).success).toBe(true);
      }),
    );
  });

  it('asks nothing while the percentages make no sense', () => {
    for (const [validation, test] of [
      ['60', '50'],
      ['-1', '10'],
      ['x', '10'],
    ]) {
      expect(sharesOf({ ...emptyForm, validation: validation!, test: test! })).toBeNull();
      expect(bodyOf({ ...emptyForm, validation: validation!, test: test! })).toBeNull();
    }
  });

  it('leaves out filters with nothing in them', () => {
    const body = bodyOf({ ...emptyForm, filter: { department: [], text: ' ', dataSet: ['real_instruction'] } });
    expect(body?.selection.filter).toEqual({ dataSet: ['real_instruction'] });
  });

  it('names a snapshot after its kind unless told otherwise, and only as the API allows', () => {
    expect(nameOf({ ...emptyForm, kind: 'prompts' })).toBe('prompts');
    expect(nameIsGood({ ...emptyForm, name: '心内科' })).toBe(false);
    expect(nameIsGood({ ...emptyForm, name: 'heart-2026.1' })).toBe(true);
  });

  it('says small shares with a decimal', () => {
    expect([percent(0.012), percent(0.5)]).toEqual(['1.2', '50']);
  });
});
