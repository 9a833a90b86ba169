import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { diffSegments } from './diff-segments';

const joined = (segments: ReturnType<typeof diffSegments>, left: 'insert' | 'delete') =>
  segments
    .filter(({ op }) => op !== left)
    .map(({ text }) => text)
    .join('');

describe('a difference', () => {
  it('gives back both texts', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), (before, after) => {
        const segments = diffSegments(before, after);
        expect(joined(segments, 'insert')).toBe(before);
        expect(joined(segments, 'delete')).toBe(after);
      }),
    );
  });

  it('marks what a polish added', () => {
    expect(diffSegments('少盐。', '少盐，每天量血压。')).toEqual([
      { op: 'equal', text: '少盐' },
      { op: 'insert', text: '，每天量血压' },
      { op: 'equal', text: '。' },
    ]);
  });

  it('keeps every word a polish kept, however much stands around it', () => {
    const before = '考虑高血压，少盐，氨氯地平5mg。';
    const after = '您好，血压偏高，考虑高血压的可能性较大。建议您饮食少盐，可以服用氨氯地平和阿司匹林。';
    const equal = diffSegments(before, after).filter(({ op }) => op === 'equal');
    expect(equal.map(({ text }) => text)).toEqual(expect.arrayContaining(['考虑高血压', '少盐，', '氨氯地平']));
  });

  it('takes a word for a word as one change', () => {
    expect(diffSegments('服用阿莫西林。', '服用氨氯地平。').map(({ op }) => op)).toEqual([
      'equal',
      'delete',
      'insert',
      'equal',
    ]);
  });
});
