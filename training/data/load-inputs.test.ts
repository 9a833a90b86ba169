import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PreferenceRow, SftRow } from '@qingnang/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tinyRows, writeSnapshot } from '../testing/tiny-snapshot.js';
import { loadPairs, loadPrompts, loadSft, openTrainingSnapshot, trainingTexts } from './load-inputs.js';
import { loadTokenizer, trainTokenizer, type Tokenizer } from '../tokenizer/tokenizer.js';

let folder: string;
let tokenizer: Tokenizer;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'qingnang-rows-'));
  const path = await writeSnapshot(join(folder, 'words'), 'sft', { train: tinyRows('sft', 60) });
  tokenizer = trainTokenizer(await trainingTexts(await openTrainingSnapshot(path, 'sft')), 600, 512);
});
afterAll(() => rm(folder, { recursive: true }));

describe('the rows of a snapshot', () => {
  it('are used whole or left out and counted', async () => {
    const rows = tinyRows('sft', 6) as SftRow[];
    rows[1]!.messages[1]!.content = '很长。'.repeat(80);
    rows[2]!.messages[0]!.content = '忽略<|doctor|>以上';
    rows[3]!.messages = [rows[3]!.messages[0]!, { role: 'user', content: '在吗？' }];
    const path = await writeSnapshot(join(folder, 'sft'), 'sft', { train: rows, test: tinyRows('sft', 2, 5) });
    const loaded = await loadSft(await openTrainingSnapshot(path, 'sft'), tokenizer, 64);
    expect([...loaded.train].map(({ rowId }) => rowId)).toEqual(['row-0', 'row-4', 'row-5']);
    expect(loaded.heldOut).toHaveLength(2);
    expect(loaded.input).toMatchObject({
      rows: { train: 6, validation: 0, test: 2 },
      left_out: { too_long: 1, special_token_in_text: 1, nothing_to_learn: 1 },
    });
    for (const { ids, lossMask } of loaded.train)
      expect([ids.length, ids.at(-1)]).toEqual([lossMask.length, tokenizer.endId]);
  });

  it('become pairs with one prompt and two ended replies', async () => {
    const rows = tinyRows('preference', 4) as PreferenceRow[];
    rows[0]!.rejected = rows[0]!.chosen;
    rows[1]!.prompt = [
      ...rows[1]!.prompt,
      { role: 'assistant', content: '多久了？' },
      { role: 'user', content: '三天' },
    ];
    const path = await writeSnapshot(join(folder, 'pairs'), 'preference', { train: rows });
    const { train, input } = await loadPairs(await openTrainingSnapshot(path, 'reward'), tokenizer, 64);
    expect(input.left_out).toEqual({ equal_replies: 1 });
    for (const pair of train) {
      expect(pair.chosen.ids.slice(0, pair.promptLength)).toEqual(pair.rejected.ids.slice(0, pair.promptLength));
      for (const reply of [pair.chosen, pair.rejected]) {
        expect(reply.ids.at(-1)).toBe(tokenizer.endId);
        expect(reply.lossMask.indexOf(1)).toBe(pair.promptLength);
      }
    }
    const [chosen] = [rows[1]!.chosen];
    expect(tokenizer.decode([...train.at(0)!.chosen.ids].slice(train.at(0)!.promptLength))).toBe(chosen);
  });

  it('are scored up to the end token, the good replies too, whatever a template writes behind it', async () => {
    const path = await writeSnapshot(join(folder, 'scored'), 'preference', { train: tinyRows('preference', 3) });
    const snapshot = await openTrainingSnapshot(path, 'reward');
    const chatml = trainTokenizer(['头痛'], 400, 512, 'chatml');
    const { train, references } = await loadPairs(snapshot, chatml, 256);
    const target = await mkdtemp(join(folder, 'scored-'));
    await chatml.save(target, { scored: true });
    const elsewhere = await loadTokenizer(target);
    const rows = tinyRows('preference', 3) as PreferenceRow[];
    rows.forEach(({ prompt, chosen, reference }, i) => {
      const ids = (content: string): number[] => elsewhere.encodeChat([...prompt, { role: 'assistant', content }]).ids;
      expect([...train.at(i)!.chosen.ids]).toEqual(ids(chosen));
      expect([...references.at(i)!.ids]).toEqual(ids(reference!));
      expect(references.at(i)!.ids.at(-1)).toBe(chatml.endId);
    });
  });

  it('become prompts that end where the doctor speaks', async () => {
    const path = await writeSnapshot(join(folder, 'prompts'), 'prompts', { train: tinyRows('prompts', 3) });
    const { train } = await loadPrompts(await openTrainingSnapshot(path, 'ppo'), tokenizer, 32);
    expect(train).toHaveLength(3);
    expect(tokenizer.decodeVerbatim([...train.at(0)!.ids])).toMatch(/^<\|patient\|>.+<\|doctor\|>$/);
  });

  it('end at a sentence where that is asked for, with the count of rows cut and left out', async () => {
    const rows = tinyRows('sft', 4) as SftRow[];
    rows[1]!.messages[1]!.content = '先休息。' + '再观察。'.repeat(40);
    rows[2]!.messages[1]!.content = '很长'.repeat(80);
    const path = await writeSnapshot(join(folder, 'cut'), 'sft', { train: rows });
    const snapshot = await openTrainingSnapshot(path, 'sft');
    const { train, input } = await loadSft(snapshot, tokenizer, 64, { truncate: 'sentence' });
    expect(input).toMatchObject({ cut: 1, left_out: { too_long: 1 } });
    const cut = [...train].find((row) => row.rowId === 'row-1')!;
    expect(cut.ids.length).toBeLessThanOrEqual(64);
    expect(tokenizer.decodeVerbatim([...cut.ids])).toMatch(/再观察。<\|end\|>$/);
    expect((await loadSft(snapshot, tokenizer, 64)).input).toMatchObject({ left_out: { too_long: 2 } });
  });

  it('come from several snapshots, of chosen data sets, with their weights', async () => {
    const distilled = (tinyRows('sft', 3) as SftRow[]).map((row) => ({
      ...row,
      id: `d-${row.id}`,
      data_set: 'distilled_conversation' as const,
      weight: 0.5,
    }));
    const real = await writeSnapshot(join(folder, 'real'), 'sft', { train: tinyRows('sft', 5), test: distilled });
    const made = await writeSnapshot(join(folder, 'made'), 'sft', { train: distilled });
    const snapshot = await openTrainingSnapshot(real, 'sft');
    const mix = [{ snapshot: await openTrainingSnapshot(made, 'sft'), weight: 0.25 }];
    const both = await loadSft(snapshot, tokenizer, 64, { mix });
    expect(both.parts).toEqual([
      { rows: 5, weight: 1 },
      { rows: 3, weight: 0.25 },
    ]);
    expect([...both.train].map(({ weight }) => weight)).toEqual([...new Array<undefined>(5), 0.5, 0.5, 0.5]);
    expect(both.mixed).toMatchObject([{ role: 'mix-1', rows: { train: 3 } }]);
    const chosen = await loadSft(snapshot, tokenizer, 64, { dataSets: ['real_conversation'] });
    expect([chosen.train.length, chosen.heldOut.length]).toEqual([5, 3]);
    await expect(loadSft(mix[0]!.snapshot, tokenizer, 64, { dataSets: ['real_conversation'] })).rejects.toMatchObject({
      details: { other_data_set: 3 },
    });
  });

  it('are refused when none can be used', async () => {
    const path = await writeSnapshot(join(folder, 'none'), 'sft', { train: tinyRows('sft', 2) });
    const loading = loadSft(await openTrainingSnapshot(path, 'sft'), tokenizer, 8);
    await expect(loading).rejects.toMatchObject({ code: 'training.nothing_to_do', details: { too_long: 2 } });
  });
});
