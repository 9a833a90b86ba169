// How figures are said. Pure, so that they can be tested without a screen.

type Translate = (key: string, options?: Record<string, unknown>) => string;

function rounded(value: number): string {
  return value >= 100 ? Math.round(value).toString() : value.toFixed(1).replace(/\.0$/, '');
}

const chineseUnits = [
  [1e4, '万'],
  [1e8, '亿'],
] as const;
const latinUnits = [
  [1e3, 'k'],
  [1e6, 'M'],
  [1e9, 'G'],
] as const;

/** 22.6 万 in Chinese, 226 k in English; small counts as they are. */
export function shortCount(count: number, locale: string): string {
  const size = Math.abs(count);
  if (size < 10_000) return count.toLocaleString('en-US');
  const units = locale.startsWith('zh') ? chineseUnits : latinUnits;
  const said = units.map(([value, name]) => ({ figure: rounded(size / value), name, value }));
  // 999,999 is 1 M, not 1000 k: the largest unit of which rounding leaves at least one.
  const best = said.filter(({ figure }) => Number(figure) >= 1).at(-1) ?? said[0];
  return `${count < 0 ? '-' : ''}${best?.figure} ${best?.name}`;
}

/** Money with its currency; fractions of a cent stay visible, since a single model call costs less than one. */
export function moneyWords(amount: number, currency: string, locale: string): string {
  const small = amount !== 0 && Math.abs(amount) < 1;
  return new Intl.NumberFormat(locale.startsWith('zh') ? 'zh-CN' : 'en-US', {
    style: 'currency',
    currency,
    maximumFractionDigits: small ? 4 : 2,
  }).format(amount);
}

/** About how long: seconds under a minute and a half, then minutes, hours, days. */
export function durationWords(seconds: number, translate: Translate): string {
  if (seconds < 90) return translate('piece.seconds', { n: Math.max(1, Math.round(seconds)) });
  if (seconds < 5_400) return translate('piece.minutes', { n: Math.round(seconds / 60) });
  if (seconds < 172_800) return translate('piece.hours', { n: rounded(seconds / 3_600) });
  return translate('piece.days', { n: Math.round(seconds / 86_400) });
}

const twoDigits = { hour: '2-digit', minute: '2-digit', hour12: false } as const;

function daysBetween(a: Date, b: Date): number {
  const midnight = (date: Date) => new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
  return Math.round((midnight(b) - midnight(a)) / 86_400_000);
}

/** 今天 14:03, 昨天 9:15, 11月3日 14:03, and with its year when that is not this one. */
export function whenWords(date: Date, now: Date, locale: string, translate: Translate): string {
  const tag = locale.startsWith('zh') ? 'zh-CN' : 'en-GB';
  const time = date.toLocaleTimeString(tag, twoDigits);
  const days = daysBetween(date, now);
  if (days === 0) return translate('piece.today', { time });
  if (days === 1) return translate('piece.yesterday', { time });
  if (date.getFullYear() === now.getFullYear()) {
    return `${date.toLocaleDateString(tag, { month: 'short', day: 'numeric' })} ${time}`;
  }
  return date.toLocaleDateString(tag, { year: 'numeric', month: 'short', day: 'numeric' });
}

/** The full form, with seconds and zone. */
export function fullWhen(date: Date, locale: string): string {
  return date.toLocaleString(locale.startsWith('zh') ? 'zh-CN' : 'en-GB', { dateStyle: 'full', timeStyle: 'long' });
}
