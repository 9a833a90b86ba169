import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { searchTerms } from './search-terms.js';

describe('the terms of a search', () => {
  it.each([
    ['头晕', ['头晕']],
    ['  头晕　血压  高 ', ['头晕', '血压', '高']],
    ['"blood pressure" 头晕', ['blood pressure', '头晕']],
    ['“血压 高” 「早晚 各一次」', ['血压 高', '早晚 各一次']],
    ['头晕 头晕', ['头晕']],
    ['5" 屏', ['5"', '屏']],
    ['""', ['""']],
    ['“ ”', ['“', '”']],
  ])('%s', (query, terms) => {
    expect(searchTerms(query)).toEqual(terms);
  });

  it('stand in the query as they are, none of them empty', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('头', '晕', 'a', ' ', '"', '“', '”', '「', '」') }), (query) => {
        for (const term of searchTerms(query)) {
          expect(term).not.toBe('');
          expect(query).toContain(term);
        }
        expect(searchTerms(query).length > 0).toBe(query.trim() !== '' && /[^\s]/u.test(query));
      }),
      { numRuns: 1000 },
    );
  });
});
