import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TextStream } from './text-stream.js';

/** Ids are bytes: the smallest tokens there are. */
const decode = (ids: readonly number[]): string => Buffer.from(ids).toString('utf8');

function speak(text: string, stops: string[]): { pieces: string[]; stopped: boolean } {
  const stream = new TextStream(decode, stops);
  const pieces: string[] = [];
  for (const byte of Buffer.from(text)) {
    pieces.push(stream.push(byte));
    if (stream.stopped) break;
  }
  pieces.push(stream.end());
  return { pieces, stopped: stream.stopped };
}

describe('text as it comes', () => {
  it('adds up to the whole, and never shows half a character', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const { pieces } = speak(text, []);
        const whole = Buffer.from(text).toString('utf8');
        expect(pieces.join('')).toBe(whole);
        if (!whole.includes('\uFFFD')) expect(pieces.join('|')).not.toContain('\uFFFD');
      }),
    );
  });

  it('ends before a stop text, also one that came in pieces', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'b', '医') });
    fc.assert(
      fc.property(
        letters,
        fc.array(
          letters.filter((stop) => stop !== ''),
          { maxLength: 3 },
        ),
        (text, stops) => {
          const { pieces, stopped } = speak(text, stops);
          const given = pieces.join('');
          expect(stops.some((stop) => given.includes(stop))).toBe(false);
          expect(stopped).toBe(stops.some((stop) => text.includes(stop)));
          expect(text.startsWith(given)).toBe(true);
          if (!stopped) expect(given).toBe(text);
        },
      ),
    );
  });
});
