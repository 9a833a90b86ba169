import { describe, expect, it } from 'vitest';
import { durationWords, moneyWords, shortCount, whenWords } from './number-words';

const say = (key: string, options: Record<string, unknown> = {}) => `${key} ${Object.values(options).join()}`;

describe('figures in words', () => {
  it('shortens large counts the way each language does', () => {
    expect(shortCount(226_042, 'zh-CN')).toBe('22.6 万');
    expect(shortCount(226_042, 'en')).toBe('226 k');
    expect(shortCount(123_456_789, 'zh-CN')).toBe('1.2 亿');
    expect(shortCount(1_250_000, 'en')).toBe('1.3 M');
    expect(shortCount(9_999, 'zh-CN')).toBe('9,999');
  });

  it('moves up a unit when rounding would say 10,000 of the smaller', () => {
    expect(shortCount(999_999, 'en')).toBe('1 M');
    expect(shortCount(99_999_999, 'zh-CN')).toBe('1 亿');
  });

  it('shows fractions of a cent, and money with its currency', () => {
    expect(moneyWords(0.0012, 'CNY', 'zh-CN')).toBe('¥0.0012');
    expect(moneyWords(1234.5, 'USD', 'en')).toBe('$1,234.50');
  });

  it('says how long in the unit people would', () => {
    expect(durationWords(20, say)).toBe('piece.seconds 20');
    expect(durationWords(1_500, say)).toBe('piece.minutes 25');
    expect(durationWords(9_000, say)).toBe('piece.hours 2.5');
  });

  it('says today and yesterday by the calendar, not by hours passed', () => {
    const now = new Date(2026, 10, 23, 0, 30);
    expect(whenWords(new Date(2026, 10, 23, 0, 3), now, 'zh-CN', say)).toBe('piece.today 00:03');
    expect(whenWords(new Date(2026, 10, 22, 23, 59), now, 'zh-CN', say)).toBe('piece.yesterday 23:59');
    expect(whenWords(new Date(2026, 0, 5, 9, 0), now, 'zh-CN', say)).toBe('1月5日 09:00');
    expect(whenWords(new Date(2024, 0, 5, 9, 0), now, 'zh-CN', say)).toBe('2024年1月5日');
  });
});
