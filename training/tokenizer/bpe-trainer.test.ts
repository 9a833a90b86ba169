import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { goldenJson } from '../testing/golden.js';
import { trainBpe } from './bpe-trainer.js';

const golden = fileURLToPath(new URL('../testing/golden/tokenizer/', import.meta.url));
const lines = readFileSync(`${golden}texts.txt`, 'utf8')
  .split('\n')
  .filter((line) => line.trim() !== '');
const reference = JSON.parse(readFileSync(`${golden}tokenizer.json`, 'utf8')) as {
  model: { vocab: Record<string, number>; merges: [string, string][] };
};
const special = ['<|endoftext|>', '<|im_start|>', '<|im_end|>', '<|unused|>'];

/** The texts of `merges.json`: clauses put together anew, by the arithmetic of `make_tokenizer_styles.py`. */
function corpus(): string[] {
  const clauses = lines.flatMap((line) => line.split(/[，。]/)).filter((clause) => clause !== '');
  return Array.from({ length: 600 }, (_each, n) => {
    const parts = Array.from(
      { length: 3 + (n % 5) },
      (_part, k) => clauses[(n * 7 + k * 13 + n * n * k) % clauses.length],
    );
    return `${parts.join('，')}。`;
  });
}

describe('the BPE trainer', () => {
  it('learns the reference’s merges at several sizes of vocabulary', () => {
    const { sizes, merges } = goldenJson<{ sizes: Record<string, number>; merges: string[] }>(
      'tokenizer-styles/merges.json',
    );
    for (const [size, count] of Object.entries(sizes)) {
      const trained = trainBpe(corpus(), Number(size), ['<|pad|>', '<|end|>']);
      expect(trained.merges.map((pair) => pair.join(' '))).toEqual(merges.slice(0, count));
      expect(trained.vocabulary.slice(258)).toEqual(trained.merges.map((pair) => pair.join('')));
    }
  });

  it('learns the merges and the vocabulary of the reference trainer, in order', () => {
    const trained = trainBpe(lines, 560, special);
    expect(trained.merges).toEqual(reference.model.merges);
    expect(Object.fromEntries(trained.vocabulary.map((token, id) => [token, id]))).toEqual(reference.model.vocab);
  });

  it('stops when the text has no pair left', () => {
    const trained = trainBpe(['aaa'], 1000, []);
    expect(trained.merges[0]).toEqual(['a', 'a']);
    expect(trained.vocabulary.length).toBeLessThan(260);
  });

  it('does not depend on the order of the texts', () => {
    expect(trainBpe([...lines].reverse(), 400, special)).toEqual(trainBpe(lines, 400, special));
  });
});
