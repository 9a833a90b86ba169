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
});
