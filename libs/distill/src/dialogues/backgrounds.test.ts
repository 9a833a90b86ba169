import { expect, it } from 'vitest';
import { backgroundsOf, drawBackgrounds } from './backgrounds.js';

it.each(['zh', 'en'] as const)(
  'draws as many different backgrounds as there are, the same for the same seed (%s)',
  (language) => {
    const most = backgroundsOf('骨科');
    const drawn = drawBackgrounds(most + 5, language, '骨科', 7);
    expect(drawn).toHaveLength(most);
    expect(new Set(drawn.map((each) => each.case)).size).toBe(most);
    expect(drawBackgrounds(9, language, '骨科', 7)).toEqual(drawn.slice(0, 9));
  },
);

it('begins no two of sixty dialogues alike, and tells the patient no diagnosis', () => {
  const drawn = drawBackgrounds(60, 'zh', '', 3);
  expect(new Set(drawn.map((each) => each.case.split('。').slice(0, 2).join())).size).toBe(60);
  for (const { case: told, diagnosis } of drawn) expect(told).not.toContain(diagnosis);
  expect(backgroundsOf('占星科')).toBe(0);
});
