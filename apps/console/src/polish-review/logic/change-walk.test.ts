import { compareFacts, diffTexts } from '@qingnang/text';
import { describe, expect, it } from 'vitest';
import { changeAt, revertedText, stopsOf, walk } from './change-walk';

const turnOf = (before: string, text: string, n = 1) => ({
  n,
  text,
  segments: diffTexts(before, text),
  findings: compareFacts(before, text),
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
    const stop = stopsOf([turnOf('请服氨氯地平。', text)]).find(({ kind }) => kind === 'change');
    expect(stop).toMatchObject({ deleted: '氨氯地平', inserted: '阿司匹林' });
    expect(revertedText(text, stop!)).toBe('请服氨氯地平。');
  });

  it('reverting every change gives the doctor’s own words back', () => {
    const before = '血压一百五，少吃盐，氨氯地平5mg，两周复诊';
    let text = '您好，您的血压偏高，建议少吃盐，服用氨氯地平 5mg，两周后复诊。';
    for (let i = 0; i < 50 && text !== before; i++) {
      text = revertedText(
        text,
        stopsOf([turnOf(before, text)]).find(({ kind }) => kind === 'change')!,
      )!;
    }
    expect(text).toBe(before);
  });

  const warnings = (before: string, text: string) =>
    stopsOf([turnOf(before, text)]).flatMap(({ finding }) =>
      finding ? [`${finding.kind} ${finding.was.text}→${finding.is.text}`] : [],
    );

  it('warns of a fact until its words are back', () => {
    expect(warnings('氨氯地平。', '阿司匹林。')).toEqual(['drug 氨氯地平→阿司匹林']);
    expect(warnings('氨氯地平。', '您好，氨氯地平。')).toEqual([]);
  });

  it('shows a lost negation whose words stand in another sentence', () => {
    const before = '不要吃生的，多喝水。';
    const text = '可以吃生的，多喝水，不舒服随时来，不要紧张。';
    const stops = stopsOf([turnOf(before, text)]);
    const lost = stops.find(({ finding }) => finding?.kind === 'negation')!;
    expect(lost).toMatchObject({ deleted: '不要吃生的', start: 0, end: 2 });
    expect(changeAt(stops, lost)).toMatchObject({ deleted: '不要', inserted: '可以' });
  });

  it('warns of what was typed by hand as of what the model wrote', () => {
    expect(warnings('氨氯地平20mg，复诊。', '氨氯地平500mg，复诊，再服阿司匹林。')).toEqual([
      'dose 20mg→500mg',
      'drug →阿司匹林',
    ]);
  });

  it('says which added fact the patient had named', () => {
    const stops = stopsOf([turnOf('少盐。', '停用甘草片，服阿司匹林，少盐。')]);
    const drugs = stops.filter(({ finding }) => finding?.kind === 'drug');
    expect(drugs.map((stop) => [stop.inserted, stop.saidByPatient])).toEqual([
      ['甘草片', true],
      ['阿司匹林', false],
    ]);
  });

  it('finds the change that a warning lies in', () => {
    const stops = stopsOf([turnOf('氨氯地平。', '阿司匹林。')]);
    expect(stops[0]!.kind).toBe('fact');
    expect(changeAt(stops, stops[0]!)).toMatchObject({ kind: 'change', deleted: '氨氯地平' });
  });

  it('goes round, both ways and across turns, and leaves out what was kept', () => {
    const stops = stopsOf([turnOf('甲', '甲一'), turnOf('乙', '乙二', 3)]);
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
