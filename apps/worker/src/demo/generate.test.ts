import { departments, scoreAnswer, totalScore } from '@qingnang/rehearsal';
import { describe, expect, it } from 'vitest';
import { generateDemo } from './generate.js';
import { fiveGrams, jaccard, NEAR_DUPLICATE, plainText } from './near-duplicates.js';

const data = generateDemo(42);
const chinese = data.records.filter((record) => record.language === 'zh');

/** Sizes of the single-link clusters, by comparing every pair. */
function clusterSizes(texts: readonly string[]): number[] {
  const grams = texts.map(fiveGrams);
  const leader = texts.map((_text, i) => i);
  const find = (i: number): number => (leader[i] === i ? i : (leader[i] = find(leader[i]!)));
  for (let a = 0; a < texts.length; a++)
    for (let b = a + 1; b < texts.length; b++)
      if (jaccard(grams[a]!, grams[b]!) >= NEAR_DUPLICATE) leader[find(a)] = find(b);
  const sizes = new Map<number, number>();
  for (let i = 0; i < texts.length; i++) sizes.set(find(i), (sizes.get(find(i)) ?? 0) + 1);
  return [...sizes.values()];
}

describe('the demo data', () => {
  it('has 1,200 Chinese records over four data sets and twenty departments, 20 English, 300 prompts', () => {
    expect(chinese.length).toBe(1200);
    expect(data.records.length - chinese.length).toBe(20);
    expect(new Set(chinese.map((record) => record.dataSet)).size).toBe(4);
    expect(new Set(chinese.map((record) => record.department))).toEqual(new Set(departments));
    expect(data.prompts.length).toBe(300);
    expect(data.prompts.flatMap((prompt) => prompt.candidates).length).toBe(1200);
    const ids = [...data.records, ...data.prompts].map((item) => item.outsideId);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('is the same for the same seed and another for another', () => {
    expect(generateDemo(42)).toEqual(data);
    expect(generateDemo(43)).not.toEqual(data);
  });

  it.each([7, 42])('has no near-duplicate cluster of more than three, for seed %i', (seed) => {
    const made = generateDemo(seed);
    const texts = [
      ...made.records.map((record) => plainText(record.turns)),
      ...made.prompts.map((prompt) => plainText([...prompt.turns, { role: 'doctor', text: prompt.reference }])),
    ];
    expect(Math.max(...clusterSizes(texts))).toBeLessThanOrEqual(3);
  });

  it('is short enough for sixty-four tokens', () => {
    for (const record of chinese) expect(record.turns.map((turn) => turn.text).join('').length).toBeLessThanOrEqual(52);
    for (const prompt of data.prompts)
      for (const candidate of prompt.candidates)
        expect(prompt.turns[0]!.text.length + candidate.text.length).toBeLessThanOrEqual(70);
  });

  it('alternates patient and doctor and ends on the doctor, and asks every prompt once', () => {
    for (const { turns } of data.records) {
      expect(turns.map((turn) => turn.role)).toEqual(turns.map((_turn, i) => (i % 2 === 0 ? 'patient' : 'doctor')));
      expect(turns.length % 2).toBe(0);
    }
    const questions = data.prompts.map((prompt) => prompt.turns[0]!.text);
    expect(new Set(questions).size).toBe(questions.length);
    const asked = new Set(chinese.filter((record) => record.turns.length === 2).map((record) => record.turns[0]!.text));
    expect(questions.filter((question) => asked.has(question))).toEqual([]);
  });

  it('grades four different candidates a prompt, and the longer one is the better about as often as not', () => {
    let longer = 0;
    let pairs = 0;
    let nearEqual = 0;
    for (const { turns, reference, candidates } of data.prompts) {
      expect(new Set(candidates.map((candidate) => candidate.text)).size).toBe(4);
      const scored = candidates.map(({ text }) => ({
        length: text.length,
        total: totalScore(scoreAnswer({ question: turns[0]!.text, reference, text })),
      }));
      for (const [i, a] of scored.entries())
        for (const b of scored.slice(i + 1)) {
          if (Math.abs(a.total - b.total) < 0.25) continue;
          if (Math.abs(a.length - b.length) < 0.1 * Math.max(a.length, b.length)) nearEqual += 1;
          if (a.length === b.length) continue;
          pairs += 1;
          if (a.length > b.length === a.total > b.total) longer += 1;
        }
    }
    expect(longer / pairs).toBeGreaterThan(0.35);
    expect(longer / pairs).toBeLessThan(0.6);
    expect(nearEqual).toBeGreaterThan(400);
  });
});
