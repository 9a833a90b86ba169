import { describe, expect, it } from 'vitest';
import { diffSegments } from '../../dialogue/diff-segments';
import { changeAt, revertedText, stopsOf, walk } from './change-walk';

const turnOf = (before: string, text: string, facts: Partial<{ lost: string[]; added: string[] }> = {}, n = 1) => ({
  n,
  text,
  segments: diffSegments(before, text),
  lost: (facts.lost ?? []).map((words) => ({ kind: 'drug', text: words })),
  added: (facts.added ?? []).map((words) => ({ kind: 'drug', text: words })),
  patient: '血压150/95，吃过甘草片',
});

describe('the walk over the changes of a text', () => {
  it('stops at each change with its place in the text as it stands', () => {
    const stops = stopsOf([turnOf('考虑高血压，少盐。', '您好，考虑高血压，请少盐。')]);
    expect(stops.map(({ start, end, inserted }) => [start, end, inserted])).toEqual([
      [0, 3, '您好，'],
      [9, 10, '请'],
    ]);
  });

  it('takes a replacement as one change and can put it back', () => {
    const text = '请服阿司匹林。';
    const [stop] = stopsOf([turnOf('请服氨氯地平。', text)]);
    expect(stop).toMatchObject({ deleted: '氨氯地平', inserted: '阿司匹林' });
    expect(revertedText(text, stop!)).toBe('请服氨氯地平。');
  });

  it('reverting every change gives the doctor’s own words back', () => {
    const before = '血压一百五，少吃盐，氨氯地平5mg，两周复诊';
    let text = '您好，您的血压偏高，建议少吃盐，服用氨氯地平 5mg，两周后复诊。';
    for (let i = 0; i < 50 && text !== before; i++) {
      text = revertedText(text, stopsOf([turnOf(before, text)])[0]!)!;
    }
    expect(text).toBe(before);
  });

  it('warns of an added fact until its words are gone, of a lost one until they are back', () => {
    const kinds = (text: string) =>
      stopsOf([turnOf('氨氯地平5mg。', text, { lost: ['氨氯地平'], added: ['阿司匹林'] })])
        .filter((stop) => stop.kind !== 'change')
        .map((stop) => stop.kind);
    expect(kinds('阿司匹林5mg。').sort()).toEqual(['added', 'lost']);
    expect(kinds('氨氯地平5mg。')).toEqual([]);
  });

  it('says which added fact the patient had named', () => {
    const stops = stopsOf([turnOf('少盐。', '停用甘草片，服阿司匹林，少盐。', { added: ['甘草片', '阿司匹林'] })]);
    const facts = stops.filter((stop) => stop.kind === 'added');
    expect(facts.map((stop) => [stop.inserted, stop.saidByPatient])).toEqual([
      ['甘草片', true],
      ['阿司匹林', false],
    ]);
  });

  it('finds the change that a warning lies in', () => {
    const stops = stopsOf([turnOf('氨氯地平。', '阿司匹林。', { added: ['阿司匹林'] })]);
    expect(stops[0]!.kind).toBe('added');
    expect(changeAt(stops, stops[0]!)).toMatchObject({ kind: 'change', deleted: '氨氯地平' });
  });

  it('goes round, both ways and across turns, and leaves out what was kept', () => {
    const stops = stopsOf([turnOf('甲', '甲一', {}, 1), turnOf('乙', '乙二', {}, 3)]);
    const [first, second] = stops;
    expect(walk(stops, null, 1)).toBe(first);
    expect(walk(stops, first!.key, 1)).toBe(second);
    expect(walk(stops, second!.key, 1)).toBe(first);
    expect(walk(stops, null, -1)).toBe(second);
    expect(walk(stops, first!.key, -1)).toBe(second);
    expect(walk(stops, null, 1, new Set([first!.key]))).toBe(second);
    expect(walk(stops, null, 1, new Set(stops.map((stop) => stop.key)))).toBeNull();
    expect(walk([], null, 1)).toBeNull();
  });
});
