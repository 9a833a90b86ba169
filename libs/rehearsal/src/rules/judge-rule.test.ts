import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judgePair, judgeScores } from './judge-answer.js';
import { scoreAnswer, totalScore } from './judge-rule.js';

const question = '妈妈最近失眠怎么办？';
const reference = '建议睡前泡脚，少看手机，若失眠超过一月请及时就诊。';
const full = '您好，首先睡前泡脚，其次少看手机，若失眠超过一月请及时就诊。祝您早日康复。';
const total = (text: string): number => totalScore(scoreAnswer({ question, reference, text }));
const turns = [{ role: 'patient' as const, text: question }];

describe('the rehearsal judge', () => {
  it.each([
    ['a plain answer', '建议睡前泡脚，少看手机。'],
    ['a curt answer', '睡前泡脚就行。'],
    ['another complaint’s advice', '您好，首先每天换袜，其次保持干燥，若皮肤破了请及时就诊。祝您早日康复。'],
    ['a scolding', '这也要问？睡前泡脚，少看手机就行，自己去查。别烦我。'],
    ['padding', '建议睡前泡脚，少看手机，睡前泡脚，少看手机，睡前泡脚，少看手机，睡前泡脚。'],
    ['words that say nothing', '失眠，这个不好说，情况很多，也说不清，都有可能，看情况吧，再看看吧。'],
  ])('puts the full, courteous answer above %s', (_name, text) => {
    expect(total(full)).toBeGreaterThan(total(text) + 0.5);
  });

  it('never gives more for saying all of it again', () => {
    for (const text of [full, '建议睡前泡脚，少看手机。', '睡前泡脚就行。'])
      for (const times of [2, 3, 6]) expect(total(text.repeat(times))).toBeLessThan(total(text));
  });

  it('keeps to one to ten, whatever it reads', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.option(fc.string()), (text, asked, wanted) => {
        for (const points of Object.values(scoreAnswer({ question: asked, reference: wanted, text }))) {
          expect(points).toBeGreaterThanOrEqual(1);
          expect(points).toBeLessThanOrEqual(10);
        }
      }),
    );
  });

  it('says the same whichever answer stands first', () => {
    const other = '建议睡前泡脚，少看手机。';
    expect(judgePair({ turns, reference, a: full, b: other })).toMatchObject({ verdict: 'A' });
    expect(judgePair({ turns, reference, a: other, b: full })).toMatchObject({ verdict: 'B' });
    expect(judgePair({ turns, reference, a: other, b: other })).toMatchObject({ verdict: 'tie' });
  });

  it('answers for each candidate in its order, with a reason', () => {
    const { scores } = judgeScores({
      turns,
      reference,
      candidates: [
        { id: 'x', text: full },
        { id: 'y', text: '随便你。' },
      ],
    });
    expect(scores.map((score) => score.id)).toEqual(['x', 'y']);
    for (const { reason } of scores) expect(reason).toMatch(/。$/u);
  });
});
