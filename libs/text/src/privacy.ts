import { halfWidth } from './half-width.js';

export type PrivateKind = 'phone' | 'id_number' | 'email';

/** Half-open span `[start, end)` in UTF-16 units of the text as given. */
export interface PrivateSpan {
  kind: PrivateKind;
  start: number;
  end: number;
}

const ID_WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const ID_CHECK_CHARACTERS = '10X98765432';

const PATTERNS: readonly { kind: PrivateKind; pattern: RegExp; holds?: (match: string) => boolean }[] = [
  { kind: 'email', pattern: /[a-z0-9][a-z0-9._%+-]{0,63}@(?:[a-z0-9-]{1,63}\.){1,5}[a-z]{2,24}/giu },
  { kind: 'id_number', pattern: /(?<![0-9a-z])\d{17}[\dx](?![0-9a-z])/giu, holds: isResidentIdNumber },
  { kind: 'phone', pattern: /(?<![0-9])(?:(?:\+|00)?86[ -]?)?1[3-9]\d(?:[ -]?\d{4}){2}(?![0-9])/gu },
  { kind: 'phone', pattern: /(?<![0-9-])\(?0(?:10|2\d|[3-9]\d{2})\)?[ -]\d{7,8}(?![0-9-])/gu },
];

/** Without one of these, in either width, there is nothing to find. */
const ANY = /[0-9\uff10-\uff19@\uff20]/u;

/** An 18-character resident identity number: a possible birth date and the check character of GB 11643. */
export function isResidentIdNumber(text: string): boolean {
  if (!/^[1-9]\d{16}[\dXx]$/u.test(text)) return false;
  const [year, month, day] = [text.slice(6, 10), text.slice(10, 12), text.slice(12, 14)].map(Number) as [
    number,
    number,
    number,
  ];
  const date = new Date(Date.UTC(year, month - 1, day));
  if (year < 1850 || year > 2100 || date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return false;
  const sum = ID_WEIGHTS.reduce((total, weight, index) => total + weight * Number(text[index]), 0);
  return ID_CHECK_CHARACTERS[sum % 11] === text[17]!.toUpperCase();
}

/** Phone numbers, identity numbers and e-mail addresses, in order and without overlap; full-width digits are read too. */
export function findPrivate(text: string): PrivateSpan[] {
  if (!ANY.test(text)) return [];
  const plain = halfWidth(text);
  const spans: PrivateSpan[] = [];
  for (const { kind, pattern, holds } of PATTERNS) {
    for (const match of plain.matchAll(pattern)) {
      const [start, end] = [match.index, match.index + match[0].length];
      if (holds !== undefined && !holds(match[0])) continue;
      if (spans.every((span) => end <= span.start || start >= span.end)) spans.push({ kind, start, end });
    }
  }
  return spans.sort((a, b) => a.start - b.start);
}
