import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { trainBpe } from './bpe-trainer.js';

const golden = fileURLToPath(new URL('../testing/golden/tokenizer/', import.meta.url));
const lines = readFileSync(`${golden}texts.txt`, 'utf8')
  .split('\n')
  .filter((line) => line.trim() !== '');
const reference = JSON.parse(readFileSync(`${golden}tokenizer.json`, 'utf8')) as {
  model: { vocab: Record<string, number>; merges: [string, string][] };
};
const special = ['<|endoftext|>', '<|im_start|>', '<|im_end|>', '<|unused|>'];

describe('the BPE trainer', () => {
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
