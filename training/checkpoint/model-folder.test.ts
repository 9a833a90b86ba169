import { cp, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createRandom } from '@qingnang/kernel';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { selectBackend } from '../backend/select-backend.js';
import type { NamedWeight, WeightSource } from '../interfaces.js';
import { disposeParameters, loadParameters, weightSource } from '../model/parameters.js';
import { parameterShapes } from '../model/parameter-shapes.js';
import { goldenModel, goldenTensors } from '../testing/golden.js';
import { readJson, writeJson } from './json-file.js';
import { openModel, writeModel, type ModelFolder } from './model-folder.js';
import { writeSafetensors } from './safetensors.js';
import { hashWeights } from './weight-files.js';

let folder: string;
beforeEach(async () => {
  await selectBackend('cpu');
  folder = await mkdtemp(join(tmpdir(), 'qingnang-model-'));
});
afterEach(() => rm(folder, { recursive: true }));

const noTokenizer = { save: () => Promise.resolve(), padIdWithin: () => 0 };

function weightsOf(source: WeightSource): Map<string, NamedWeight> {
  return new Map([...source.names()].sort().map((name) => [name, source.get(name)]));
}

/** A golden model under other weights. */
async function folderWith(name: string, change: (weights: Map<string, NamedWeight>) => void): Promise<string> {
  const weights = weightsOf(goldenTensors(`${name}/model.safetensors`));
  change(weights);
  await cp(
    fileURLToPath(new URL(`../testing/golden/${name}/config.json`, import.meta.url)),
    join(folder, 'config.json'),
  );
  await writeSafetensors(join(folder, 'model.safetensors'), weightSource(weights));
  return folder;
}

function refusal(model: ModelFolder): string {
  try {
    disposeParameters(loadParameters(model.config, model.weights, 'none', createRandom(1)));
  } catch (error) {
    return (error as Error).message;
  }
  return '';
}

describe('a model folder', () => {
  it.each(['bloom', 'qwen2-tied', 'llama3-rope'])(
    'of %s is the same after it is written, in shards too',
    async (name) => {
      const model = await goldenModel(name);
      const shards = join(folder, 'shards');
      await mkdir(shards);
      for (const [path, options] of [
        [folder, {}],
        [shards, { shardBytes: 40_000 }],
      ] as const) {
        const hash = await writeModel(path, model, noTokenizer, options);
        const back = await openModel(path);
        expect({ ...back, path: '', weights: null }).toEqual({ ...model, path: '', weights: null });
        expect(weightsOf(back.weights)).toEqual(weightsOf(model.weights));
        expect(await hashWeights(path)).toBe(hash);
      }
      const files = await readdir(shards);
      expect(files).toContain('model.safetensors.index.json');
      expect(files.filter((file) => file.endsWith('.safetensors')).length).toBeGreaterThan(2);
    },
  );

  it.each(['bfloat16', 'float16'] as const)('is written as %s, in shards too, and says so', async (dtype) => {
    const model = await goldenModel('llama-gqa');
    const shards = join(folder, 'shards');
    await mkdir(shards);
    await writeModel(folder, model, noTokenizer, { dtype });
    const hash = await writeModel(shards, model, noTokenizer, { dtype, shardBytes: 40_000 });
    expect(await hashWeights(shards)).toBe(hash);
    expect(await readJson(join(shards, 'config.json'))).toMatchObject({ torch_dtype: dtype });
    const numbers = [...parameterShapes(model.config, 'none').values()].flatMap((dims) =>
      dims.reduce((n, d) => n * d, 1),
    );
    const bytes = 2 * numbers.reduce((sum, n) => sum + n, 0);
    const index = await readJson(join(shards, 'model.safetensors.index.json'));
    expect(index).toMatchObject({ metadata: { total_size: bytes } });
    expect((await stat(join(folder, 'model.safetensors'))).size - bytes).toBeLessThan(10_000);
    const [whole, cut] = [await openModel(folder), await openModel(shards)];
    expect(weightsOf(cut.weights)).toEqual(weightsOf(whole.weights));
    for (const name of model.weights.names()) {
      const [stored, exact] = [whole.weights.get(name).data, model.weights.get(name).data];
      expect(exact.every((x, i) => Math.abs(stored[i]! - x) <= Math.abs(x) / 256 + 2 ** -25)).toBe(true);
    }
    const again = join(folder, 'again');
    await mkdir(again);
    await writeModel(again, cut, noTokenizer, { dtype });
    expect(await readFile(join(again, 'model.safetensors'))).toEqual(await readFile(join(folder, 'model.safetensors')));
  });

  it('names the tensor whose number float16 cannot hold', async () => {
    const model = await goldenModel('llama-gqa');
    const weights = weightsOf(model.weights);
    weights.get('model.norm.weight')!.data[3] = -70_000;
    const large = { ...model, weights: weightSource(weights) };
    const writing = writeModel(folder, large, noTokenizer, { dtype: 'float16' });
    await expect(writing).rejects.toThrow(/model\.norm\.weight holds -70000.*bfloat16 or float32/);
  });

  it('writes fractions as Python wants them', async () => {
    await writeModel(folder, await goldenModel('llama3-rope'), noTokenizer);
    const text = await readFile(join(folder, 'config.json'), 'utf8');
    expect(text).toContain('"rope_theta": 10000.0,');
    expect(text).toMatch(/"factor": 4\.0,\n *"high_freq_factor"|"factor": 4\.0,\n *"low_freq_factor"/);
    expect(text).toContain('"vocab_size": 120');
  });

  it('is a Llama where it was a Baichuan-7B, its packed matrices in three', async () => {
    const model = await goldenModel('baichuan-packed');
    const packed = goldenTensors('baichuan-packed/model.safetensors').get(
      'model.layers.1.self_attn.W_pack.weight',
    ).data;
    await writeModel(folder, model, noTokenizer);
    const back = await openModel(folder);
    expect(await readJson(join(folder, 'config.json'))).toMatchObject({ model_type: 'llama' });
    expect(back.weights.names().filter((name) => /W_pack|inv_freq/.test(name))).toEqual([]);
    const value = back.weights.get('model.layers.1.self_attn.v_proj.weight');
    expect(value).toEqual({ shape: [32, 32], data: packed.slice(2 * 32 * 32) });
    expect(refusal(back)).toBe('');
  });

  it('may lack the prefix of the trunk, and hold a tied head and old tables', async () => {
    const path = await folderWith('bloom', (weights) => {
      for (const [name, weight] of [...weights]) {
        weights.delete(name);
        weights.set(name.replace(/^transformer\./, ''), weight);
      }
      weights.set('lm_head.weight', weights.get('word_embeddings.weight')!);
    });
    const [bare, whole] = [await openModel(path), await goldenModel('bloom')];
    expect(weightsOf(bare.weights)).toEqual(weightsOf(whole.weights));
    await rm(path, { recursive: true });
    await mkdir(path);
    await folderWith('llama-gqa', (weights) => {
      for (const [name, weight] of [...weights]) {
        weights.delete(name);
        weights.set(name.replace(/^model\./, ''), weight);
      }
      weights.set('layers.0.self_attn.rotary_emb.inv_freq', { shape: [4], data: new Float32Array(4) });
    });
    expect(weightsOf((await openModel(path)).weights)).toEqual(weightsOf((await goldenModel('llama-gqa')).weights));
  });

  it('names every tensor that is missing, unexpected or of another shape', async () => {
    const path = await folderWith('llama-gqa', (weights) => {
      weights.delete('model.norm.weight');
      weights.delete('model.layers.1.mlp.up_proj.weight');
      weights.set('model.layers.0.self_attn.q_norm.weight', { shape: [8], data: new Float32Array(8) });
      weights.set('model.layers.0.self_attn.k_norm.weight', { shape: [8], data: new Float32Array(8) });
      weights.set('model.layers.0.mlp.gate_proj.weight', { shape: [2, 3], data: new Float32Array(6) });
      weights.set('lm_head.weight', { shape: [4], data: new Float32Array(4) });
    });
    const message = refusal(await openModel(path));
    expect(message).toContain(`in ${path} lacks "model.layers.1.mlp.up_proj.weight", "model.norm.weight"; it has `);
    expect(message).toMatch(/has "model\.layers\.0\.self_attn\.k_norm\.weight", ".*q_norm\.weight", which .* no place/);
    expect(message).toContain('"model.layers.0.mlp.gate_proj.weight" as [2, 3] where [88, 48] is needed');
    expect(message).toContain('"lm_head.weight" as [4] where [131, 48] is needed');
  });

  it('names a packed matrix of another shape', async () => {
    const path = await folderWith('baichuan-packed', (weights) => {
      weights.set('model.layers.0.self_attn.W_pack.weight', { shape: [64, 32], data: new Float32Array(64 * 32) });
    });
    expect(refusal(await openModel(path))).toMatch(/q_proj\.weight" as \[64, 32\] where \[32, 32\] is needed/);
  });

  it('names a tensor that stands in a shard and not in the index', async () => {
    const weights = weightsOf((await goldenModel('llama-gqa')).weights);
    weights.set('model.extra.weight', { shape: [2], data: new Float32Array(2) });
    const model = { ...(await goldenModel('llama-gqa')), weights: weightSource(weights) };
    await writeModel(folder, model, noTokenizer, { shardBytes: 40_000 });
    const path = join(folder, 'model.safetensors.index.json');
    const { weight_map: map } = (await readJson(path)) as { weight_map: Record<string, string> };
    delete map['model.extra.weight'];
    await writeJson(path, { weight_map: map });
    expect(refusal(await openModel(folder))).toContain('has "model.extra.weight", which this model has no place for');
  });

  it('is refused where its index names what its files lack', async () => {
    const model = await goldenModel('llama-gqa');
    await writeModel(folder, model, noTokenizer, { shardBytes: 40_000 });
    const index = (await readJson(join(folder, 'model.safetensors.index.json'))) as {
      weight_map: Record<string, string>;
    };
    const file = Object.values(index.weight_map)[0]!;
    const claim = { weight_map: { ...index.weight_map, 'model.extra.weight': file } };
    await writeJson(join(folder, 'model.safetensors.index.json'), claim);
    await expect(openModel(folder)).rejects.toThrow(/names tensors that its files lack: model\.extra\.weight/);
    await rm(join(folder, file));
    await expect(openModel(folder)).rejects.toThrow(/model-0000.*cannot be read \(ENOENT\)/);
    await writeFile(join(folder, 'model.safetensors.index.json'), '{');
    await expect(openModel(folder)).rejects.toThrow('is not JSON');
    await rm(join(folder, 'model.safetensors.index.json'));
    await expect(openModel(folder)).rejects.toThrow('neither model.safetensors nor model.safetensors.index.json');
    await writeFile(join(folder, 'pytorch_model-00001-of-00002.bin'), '');
    await expect(openModel(folder)).rejects.toThrow(/pytorch_model\.bin.*save_pretrained/);
  });
});
