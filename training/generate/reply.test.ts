import { describe, expect, it } from 'vitest';
import { Reply, type ReplyPart, type ReplySettings } from './reply.js';

/** Ids are letters: 0 ends, 1 is a space, 2 is `a`, 3 is `b` … */
const decode = (ids: readonly number[]): string =>
  ids.map((id) => (id === 1 ? ' ' : String.fromCharCode(95 + id))).join('');
const END = 0;

const settings: ReplySettings = {
  sampling: { temperature: 0, topP: 1, topK: 0 },
  seed: 1,
  maxTokens: 20,
  stopTokenIds: new Set([END]),
  stop: [],
  alternatives: null,
  tries: 1,
};

/** Logits that make one id all but certain. */
const certain = (id: number): Float32Array => new Float32Array(8).fill(-40).fill(40, id, id + 1);

/** What a reply tells while it is made to say these ids. */
function speak(ids: readonly number[], more: Partial<ReplySettings> = {}): { told: ReplyPart[]; steps: unknown[] } {
  const told: ReplyPart[] = [];
  const reply = new Reply([5], { ...settings, ...more }, decode, (part) => told.push(part));
  const steps = ids.map((id) => reply.next(certain(id)));
  return { told, steps };
}

const textOf = (told: readonly ReplyPart[]): string => told.map((part) => ('text' in part ? part.text : '')).join('');

describe('a reply', () => {
  it('tells each token’s text and how it ended: by itself, or for its length', () => {
    const { told, steps } = speak([2, 3, END]);
    expect(told).toEqual([
      { text: 'a', tokens: [] },
      { text: 'b', tokens: [] },
      { finish: 'stop', completionTokens: 3 },
    ]);
    expect(steps).toEqual([{ id: 2 }, { id: 3 }, 'done']);
    expect(speak([2, 3], { maxTokens: 2 }).told.at(-1)).toEqual({ finish: 'length', completionTokens: 2 });
  });

  it('holds back what may be a stop text, with its tokens, and tells neither when it is', () => {
    const { told, steps } = speak([2, 3, 4, 5], { stop: ['cd'], alternatives: 1 });
    expect(textOf(told)).toBe('ab');
    expect(told.flatMap((part) => ('text' in part ? part.tokens.map(({ id, at }) => [id, at]) : []))).toEqual([
      [2, 0],
      [3, 1],
    ]);
    expect(told.at(-1)).toEqual({ finish: 'stop', completionTokens: 4 });
    expect(steps.at(-1)).toBe('done');
    const spared = speak([2, 4, 3, END], { stop: ['cd'], alternatives: 0 }).told;
    expect(textOf(spared)).toBe('acb');
    expect(spared.flatMap((part) => ('text' in part ? part.tokens : []))).toHaveLength(3);
  });

  it('gives log-probabilities of the model itself, whatever the temperature', () => {
    const logits = Float32Array.from([-1e9, -1e9, 0, Math.log(3), -1e9]);
    const told: ReplyPart[] = [];
    const sampling = { temperature: 0.01, topP: 1, topK: 0 };
    new Reply([5], { ...settings, sampling, alternatives: 2 }, decode, (part) => told.push(part)).next(logits);
    const part = told[0]!;
    const { logProb, top } = 'text' in part ? part.tokens[0]! : expect.fail('no text');
    expect(logProb).toBeCloseTo(Math.log(0.75), 6);
    expect(top.map(({ id }) => id)).toEqual([3, 2]);
    expect(top[1]!.logProb).toBeCloseTo(Math.log(0.25), 6);
  });

  it('is drawn again while it is blank, as often as allowed, and never at temperature 0', () => {
    const warm = { sampling: { temperature: 1, topP: 1, topK: 0 }, tries: 3 };
    const { told, steps } = speak([1, END, 1, 2, END], warm);
    expect(steps).toEqual([{ id: 1 }, 'again', { id: 1 }, { id: 2 }, 'done']);
    expect(textOf(told)).toBe(' a');
    expect(told.at(-1)).toEqual({ finish: 'stop', completionTokens: 3 });
    expect(speak([END, END, END], warm).steps).toEqual(['again', 'again', 'done']);
    expect(speak([END], { tries: 3 }).steps).toEqual(['done']);
  });
});
