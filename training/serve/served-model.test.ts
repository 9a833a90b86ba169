import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRandom } from '@qingnang/kernel';
import { selectBackend } from '../backend/select-backend.js';
import { writeModel } from '../checkpoint/model-folder.js';
import { writeAdapter } from '../lora/adapter-folder.js';
import { adapterShapes } from '../lora/lora-layers.js';
import { mergedWeights } from '../lora/merge.js';
import { drawParameters, exportParameters, weightSource } from '../model/parameters.js';
import { tinyConfig } from '../testing/tiny-model.js';
import { loadTokenizer, type Tokenizer } from '../tokenizer/tokenizer.js';
import { parseCompletionRequest } from './generation-request.js';
import { ServedModel } from './served-model.js';

const settings = { rank: 2, alpha: 16, dropout: 0, targets: null };
const note = { rehearsal: false, sequence_length: null, score_normalisation: null };
let root: string;
let tokenizer: Tokenizer;

beforeAll(async () => {
  await selectBackend('wasm');
  root = await mkdtemp(join(tmpdir(), 'qingnang-served-'));
  tokenizer = await loadTokenizer(fileURLToPath(new URL('../testing/golden/tokenizer', import.meta.url)));
  const config = { ...tinyConfig, vocabSize: tokenizer.vocabularySize, eosTokenId: tokenizer.endId };
  const weights = exportParameters(drawParameters(config, createRandom(4)));
  const random = createRandom(5);
  const drawn = [...adapterShapes(config, settings)].map(([name, shape]) => {
    const data = Float32Array.from({ length: shape[0]! * shape[1]! }, () => random.next() - 0.5);
    return [name, { shape, data }] as const;
  });
  const adapter = { config, settings, weights: weightSource(new Map(drawn)), base: null };
  await writeModel(await folder('base'), { kind: 'causal-lm', config, note, weights }, tokenizer);
  await writeAdapter(join(root, 'adapter'), adapter);
  const merged = mergedWeights({ config, weights }, adapter);
  await writeModel(await folder('merged'), { kind: 'causal-lm', config, note, weights: merged }, tokenizer);
  const small = { ...tinyConfig, vocabSize: 24 };
  const smallWeights = exportParameters(drawParameters(small, createRandom(4)));
  await writeModel(await folder('small'), { kind: 'causal-lm', config: small, note, weights: smallWeights }, tokenizer);
});
afterAll(() => rm(root, { recursive: true }));

async function folder(name: string): Promise<string> {
  const path = join(root, name);
  await mkdir(path);
  return path;
}

/** What a model says to one prompt, greedily. */
function say(model: ServedModel): string {
  const body = { model: 'm', prompt: '头痛两天', max_tokens: 24, temperature: 0 };
  const batch = model.batch({ maxRows: 1, prefillTokens: 64 });
  let text = '';
  const [prompt] = model.acceptCompletion(parseCompletionRequest(JSON.stringify(body))).prompts;
  batch.add(model.reply(prompt!, (part) => (text += 'text' in part ? part.text : '')));
  while (batch.step());
  return text;
}

describe('a served model', () => {
  it('speaks with its adapter as the merged weights do, and otherwise without', async () => {
    const base = say(await ServedModel.load(join(root, 'base'), null));
    const adapted = say(await ServedModel.load(join(root, 'base'), null, join(root, 'adapter')));
    expect(adapted).toBe(say(await ServedModel.load(join(root, 'merged'), null)));
    expect(adapted).not.toBe(base);
  });

  it('is named after its folder unless told otherwise', async () => {
    expect((await ServedModel.load(join(root, 'base'), null)).name).toBe('base');
    expect((await ServedModel.load(join(root, 'base'), 'other')).name).toBe('other');
  });

  it('is not a model whose tokenizer is another’s, and not one without files', async () => {
    await expect(ServedModel.load(join(root, 'small'), null)).rejects.toThrow(/do not belong together/);
    await expect(ServedModel.load(join(root, 'nowhere'), null)).rejects.toThrow(/config\.json/);
  });
});
