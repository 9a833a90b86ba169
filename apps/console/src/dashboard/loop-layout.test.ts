import { loopStops } from '@qingnang/contracts';
import { describe, expect, it } from 'vitest';
import { arrows, stopPlaces } from './loop-layout';

describe('the drawing of the loop', () => {
  it('gives every stop a place of its own', () => {
    const places = loopStops.map((stop) => stopPlaces[stop].join());
    expect(new Set(places).size).toBe(loopStops.length);
  });

  it('draws every arrow between neighbours', () => {
    for (const { from, to } of arrows) {
      const [a, b] = [stopPlaces[from], stopPlaces[to]];
      expect(Math.abs(a[0] - b[0]) + Math.abs(a[1] - b[1]), `${from} → ${to}`).toBe(1);
    }
  });

  it('reaches every stop by an arrow', () => {
    const touched = new Set(arrows.flatMap(({ from, to }) => [from, to]));
    expect([...touched].sort()).toEqual([...loopStops].sort());
  });
});
