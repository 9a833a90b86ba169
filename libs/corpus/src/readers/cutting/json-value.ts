/** Stands for a number that JavaScript cannot hold as it is written; its digits are under this name. */
const DIGITS = '\0';

/** Something outside a string that a number of JavaScript would not give back: many digits, a fraction, an exponent. */
const MAY_CHANGE = /\d{16}|\d\.\d|\d[eE]|-0/u;
const TOKEN = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/gu;

/** As JSON.parse, but for numbers that would not come back as they are written: those keep their digits. */
export function parseJson(text: string): unknown {
  if (!MAY_CHANGE.test(text)) return JSON.parse(text);
  // Checked first as it stands, so that what is put in makes nothing valid, and faults are placed where they are.
  const value: unknown = JSON.parse(text);
  let changes = false;
  const exact = text.replace(TOKEN, (token) => {
    if (token.startsWith('"') || String(Number(token)) === token) return token;
    changes = true;
    return JSON.stringify({ [DIGITS]: token });
  });
  return changes ? JSON.parse(exact) : value;
}

/** A number as it was written; undefined for anything else. */
export function numberAsWritten(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value);
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, DIGITS)) return undefined;
  return String((value as Record<string, unknown>)[DIGITS]);
}
