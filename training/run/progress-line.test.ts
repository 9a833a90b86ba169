import { describe, expect, it } from 'vitest';
import { ProgressLine, progressText } from './progress-line.js';

function watched(terminal: boolean): { line: ProgressLine; written: string[]; at(ms: number, step: number): void } {
  const written: string[] = [];
  let now = 0;
  const target = { write: (text: string) => void written.push(text), terminal, columns: 60 };
  const line = new ProgressLine(target, () => now);
  return {
    line,
    written,
    at(ms, step) {
      now = ms;
      line.step(step, 100, 4321.4, { name: 'loss', value: 2.5 });
    },
  };
}

describe('progress', () => {
  it('says step, share, loss, speed and time left', () => {
    const figure = { name: 'loss', value: 2.3456 };
    const text = progressText({ step: 25, steps: 100, tokensPerSecond: 12_345, figure, leftMs: 3_725_000 });
    expect(text).toBe('[#####···············]  25/100  25 %  loss 2.346  12,345 tokens/s  1 h 2 min left');
    expect(progressText({ step: 1, steps: 3, tokensPerSecond: 1, figure: null, leftMs: 61_000 })).toMatch(
      / 1 min 1 s left$/,
    );
  });

  it('redraws one line of a terminal, cut to its width, and gives way to other lines', () => {
    const { line, written, at } = watched(true);
    at(1000, 1);
    at(1050, 2); // too soon to be seen
    at(2000, 3);
    expect(written).toHaveLength(2);
    expect(written.every((text) => text.startsWith('\r\u001b[K') && text.length <= 63 && !text.includes('\n'))).toBe(
      true,
    );
    line.clear();
    line.clear();
    expect(written.slice(2)).toEqual(['\r\u001b[K']);
  });

  it('writes a line every half minute elsewhere, and the last', () => {
    const { line, written, at } = watched(false);
    for (let step = 1; step <= 100; step++) at(1000 * step, step);
    expect(written.map((text) => /(\d+)\/100/.exec(text)![1])).toEqual(['1', '31', '61', '91', '100']);
    expect(written[1]).toMatch(/ 1 min 9 s left\n$/);
    line.clear();
    expect(written).toHaveLength(5);
  });

  it('does not count what came before the first step into the time left', () => {
    const { written, at } = watched(false);
    at(600_000, 1);
    at(640_000, 2);
    expect(written[0]).toMatch(/ 4,321 tokens\/s\n$/);
    expect(written[1]).toMatch(/ 1 h 5 min left\n$/);
  });

  it('is silent where nobody watches', () => {
    expect(() => new ProgressLine(null).step(1, 2, 3, null)).not.toThrow();
  });
});
