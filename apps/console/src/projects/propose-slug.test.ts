import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { proposeSlug } from './propose-slug';

describe('a proposed short name', () => {
  it.each([
    ['协和 心内科 v2', 'xie-he-xin-nei-ke-v2'],
    ['重庆银行', 'chong-qing-yin-hang'],
    ['绿色通道', 'lv-se-tong-dao'],
    ['Médecine générale', 'medecine-generale'],
    ['！！', ''],
  ])('of %s is %s', async (name, slug) => {
    expect(await proposeSlug(name)).toBe(slug);
  });

  it('is one that the API takes, or none', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme', maxLength: 60 }), async (name) => {
        expect(await proposeSlug(name)).toMatch(/^([a-z0-9]+(-[a-z0-9]+)*)?$/);
      }),
    );
  });
});
