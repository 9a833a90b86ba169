import { expect, it } from 'vitest';
import { ahead } from './ahead.js';

async function* upTo(n: number, asked: number[]): AsyncGenerator<number> {
  for (let i = 1; i <= n; i++) {
    asked.push(i);
    yield await Promise.resolve(i);
  }
}

it('gives the same values in their order, and asks for the next before the last is done with', async () => {
  const [asked, seen]: [number[], number[]] = [[], []];
  for await (const value of ahead(upTo(4, asked))) {
    seen.push(value);
    await Promise.resolve();
    expect(asked).toEqual([1, 2, 3, 4].slice(0, value + 1));
  }
  expect(seen).toEqual([1, 2, 3, 4]);
});

it('hands a failure on after the values before it, and ends the source where somebody stops early', async () => {
  let ended = false;
  async function* failing(): AsyncGenerator<number> {
    try {
      yield 1;
      yield 2;
      throw new Error('no more');
    } finally {
      ended = await Promise.resolve(true);
    }
  }
  const seen: number[] = [];
  const all = async () => {
    for await (const value of ahead(failing())) seen.push(value);
  };
  await expect(all()).rejects.toThrow('no more');
  expect(seen).toEqual([1, 2]);

  ended = false;
  for await (const value of ahead(failing())) if (value === 1) break;
  expect(ended).toBe(true);
});
