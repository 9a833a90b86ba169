import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { RunRequest } from '@qingnang/contracts';
import { createRandom } from '@qingnang/kernel';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { selectBackend } from '../backend/select-backend.js';
import { mergeCommand } from '../commands/merge-command.js';
import { writeAdapter } from '../lora/adapter-folder.js';
import { adapterShapes } from '../lora/lora-layers.js';
import { fromConfigFile } from '../model-config/config-file.js';
import { drawParameters, exportParameters, weightSource } from '../model/parameters.js';
import { trainRun } from '../run/train-run.js';
import { goldenJson } from '../testing/golden.js';
import { tinyRows, writeSnapshot } from '../testing/tiny-snapshot.js';
import { readJson, writeJson } from './json-file.js';
import { openModelFile } from './model-folder.js';
import { writeWeights } from './weight-files.js';
import { storedAs } from './number-formats.js';

type Json = Record<string, unknown>;
interface Added {
  id: number;
  content: string;
}

const SPECIAL = 4;
let root: string;
const at = (...parts: string[]): string => join(root, ...parts);

/** Qwen's order: ordinary tokens from 0 ("!"), the special ones behind them. */
function qwenShaped(): { tokenizer: Json; config: Json; ids: Map<string, number>; size: number } {
  const tokenizer = goldenJson<Json & { model: Json & { vocab: Record<string, number> }; added_tokens: Added[] }>(
    'tokenizer/tokenizer.json',
  );
  const size = Object.keys(tokenizer.model.vocab).length;
  const moved = (id: number): number => (id < SPECIAL ? size - SPECIAL + id : id - SPECIAL);
  const vocab = Object.fromEntries(Object.entries(tokenizer.model.vocab).map(([token, id]) => [token, moved(id)]));
  const added = tokenizer.added_tokens.map((token) => ({ ...token, id: moved(token.id) }));
  return {
    tokenizer: { ...tokenizer, added_tokens: added, model: { ...tokenizer.model, vocab } },
    config: goldenJson<Json>('tokenizer/tokenizer_config.json'),
    ids: new Map(added.map(({ content, id }) => [content, id])),
    size,
  };
}

const qwen = qwenShaped();
const id = (token: string): number => qwen.ids.get(token)!;
const END = id('<|im_end|>');
const PAD = id('<|endoftext|>');
const chatml =
  "{% for m in messages %}{{ '<|im_start|>' + m['role'] + '\\n' + m['content'] + '<|im_end|>\\n' }}{% endfor %}" +
  "{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}";

interface Base {
  family?: string;
  ids?: Json;
  tokens?: Json;
}

/** A model of a golden family with the tokenizer above, as it comes from elsewhere. */
async function writeBase(name: string, { family = 'qwen2-tied', ids = {}, tokens = {} }: Base): Promise<string> {
  await mkdir(at(name));
  const shape = goldenJson<Json>(`${family}/config.json`);
  const ends = { eos_token_id: END, pad_token_id: null, bos_token_id: PAD, ...ids };
  const model = { ...shape, vocab_size: qwen.size, max_position_embeddings: 256, ...ends };
  await writeJson(at(name, 'config.json'), model);
  await writeJson(at(name, 'generation_config.json'), { eos_token_id: [END, PAD], pad_token_id: PAD });
  await writeJson(at(name, 'tokenizer.json'), qwen.tokenizer);
  await writeJson(at(name, 'tokenizer_config.json'), { ...qwen.config, chat_template: chatml, ...tokens });
  const { config } = fromConfigFile(model, name);
  await writeWeights(at(name), exportParameters(drawParameters(config, createRandom(4))), {
    stored: storedAs.float32,
  });
  return at(name);
}

/** The padding token of every place that names one. */
async function padsOf(folder: string): Promise<{ config: unknown; generation: unknown; tokenizer: unknown }> {
  const [config, generation, tokenizer] = (await Promise.all(
    ['config.json', 'generation_config.json', 'tokenizer_config.json'].map((file) => readJson(join(folder, file))),
  )) as [Json, Json, Json];
  const tokens = ((await readJson(join(folder, 'tokenizer.json'))) as { added_tokens: Added[] }).added_tokens;
  const named = tokens.find(({ content }) => content === tokenizer['pad_token']);
  return { config: config['pad_token_id'], generation: generation['pad_token_id'], tokenizer: named?.id };
}

const all = (pad: number) => ({ config: pad, generation: pad, tokenizer: pad });

async function merged(base: string, ...more: string[]): Promise<string> {
  const out = `${base}-out`;
  expect(await mergeCommand(['--base', base, '--out', out, ...more])).toBe(0);
  return out;
}

/** Every model folder below a run. */
async function modelsBelow(folder: string): Promise<string[]> {
  const files = await readdir(folder, { recursive: true });
  return files.filter((file) => /(^|\/)tokenizer\.json$/.test(file)).map((file) => join(folder, dirname(file)));
}

beforeAll(async () => {
  await selectBackend('wasm');
  root = await mkdtemp(join(tmpdir(), 'qingnang-pad-'));
  vi.spyOn(process.stdout, 'write').mockReturnValue(true);
});
afterAll(async () => {
  vi.restoreAllMocks();
  await rm(root, { recursive: true });
});

describe('the padding token of a model that merge writes', () => {
  it.each(['llama-gqa', 'llama3-rope', 'llama-linear-rope', 'llama-bf16', 'qwen2-tied', 'bloom'])(
    'is the tokenizer’s for %s, though it ends replies too, and stays so',
    async (family) => {
      const out = await merged(await writeBase(family, { family }));
      expect(await padsOf(out)).toEqual(all(PAD));
      expect((await openModelFile(out)).config).toMatchObject({ padTokenId: PAD, eosTokenId: END });
      expect(await padsOf(await merged(out))).toEqual(all(PAD));
    },
  );

  it.each([
    ['an ordinary token', { pad_token_id: 0 }],
    ['the end', { pad_token_id: END }],
    ['another special token', { pad_token_id: id('<|unused|>') }],
    ['outside the model', { pad_token_id: 999 }],
  ])('is the tokenizer’s where the model named %s', async (name, ids) => {
    expect(await padsOf(await merged(await writeBase(name, { ids })))).toEqual(all(PAD));
  });

  it.each([
    ['none', { pad_token: null }, id('<|unused|>')],
    ['the end', { pad_token: '<|im_end|>' }, id('<|unused|>')],
    ['none, and an unknown one', { pad_token: null, unk_token: '<|im_start|>' }, id('<|im_start|>')],
    ['none, and another end of texts', { pad_token: null, eos_token: '<|endoftext|>' }, PAD],
  ])('is a special token, and the tokenizer’s from then on, where that had %s', async (name, tokens, pad) => {
    expect(await padsOf(await merged(await writeBase(`had ${name}`, { tokens })))).toEqual(all(pad));
  });

  it('is one that the model has', async () => {
    const base = await writeBase('small', { ids: { vocab_size: qwen.size - 1 } });
    const tokens = { ...qwen.config, chat_template: chatml, pad_token: '<|unused|>' };
    await writeJson(join(base, 'tokenizer_config.json'), tokens);
    expect(await padsOf(await merged(base))).toEqual(all(PAD));
  });

  it('is the one that the tokenizer pads with by itself', async () => {
    const base = await writeBase('padding', { tokens: { pad_token: undefined } });
    const padding = {
      strategy: 'BatchLongest',
      direction: 'Right',
      pad_type_id: 0,
      pad_id: id('<|unused|>'),
      pad_token: '<|unused|>',
    };
    await writeFile(join(base, 'tokenizer.json'), JSON.stringify({ ...qwen.tokenizer, padding }));
    expect(await padsOf(await merged(base))).toEqual(all(id('<|unused|>')));
  });

  it('is the tokenizer’s for a reward model, from an adapter too', async () => {
    const base = await writeBase('adapted', {});
    const { config } = await openModelFile(base);
    const settings = { rank: 2, alpha: 4, dropout: 0, targets: null };
    const shapes = new Map([...adapterShapes(config, settings), ['score.weight', [1, config.hiddenSize]] as const]);
    const weights = weightSource(
      new Map(
        [...shapes].map(([name, shape]) => [
          name,
          { shape: [...shape], data: new Float32Array(shape[0]! * shape[1]!).fill(0.01) },
        ]),
      ),
    );
    await writeAdapter(at('adapter'), { config, settings, weights, base: null });
    const out = await merged(base, '--adapter', at('adapter'));
    expect((await openModelFile(out)).kind).toBe('reward');
    expect(await padsOf(out)).toEqual(all(PAD));
  });
});

describe('the padding token of what a run writes', () => {
  const shared = {
    backend: 'wasm',
    sequence_length: 200,
    batch_size: 2,
    steps: 1,
    evaluate_every: 9,
    checkpoint_every: 1,
  } as const;
  const kinds = { sft: 'sft', reward: 'preference', dpo: 'preference', ppo: 'prompts' } as const;
  beforeAll(async () => {
    await writeBase('start', {});
    for (const kind of ['sft', 'preference', 'prompts'] as const)
      await writeSnapshot(at(kind), kind, { train: tinyRows(kind, 4), validation: tinyRows(kind, 2, 9) });
  });

  const run = async (name: string, request: RunRequest): Promise<void> => {
    const rewardModel = request.method === 'ppo' ? at('reward-all', 'checkpoints', 'step-1') : null;
    const inputs = { snapshot: at(kinds[request.method]), policy: at('start'), rewardModel, ptx: null };
    const listen = () => ({ requested: () => false, dispose: () => undefined });
    const silent = { attempt: null, upload: null, listen, print: () => undefined, progress: null, resume: false };
    await trainRun({ request, inputs, run: at(name), ...silent });
  };

  it.each([
    ['sft', 'all', {}],
    ['sft', 'lora', { lora: { rank: 2 }, save: { dtype: 'bfloat16' } }],
    ['reward', 'all', {}],
    ['reward', 'lora', { lora: { rank: 2 } }],
    ['dpo', 'all', {}],
    ['ppo', 'all', { ppo: { response_length: 6 } }],
  ] as const)('%s (%s weights) is the tokenizer’s in every folder', async (method, weights, change) => {
    await run(`${method}-${weights}`, { ...shared, ...change, method });
    const folders = await modelsBelow(at(`${method}-${weights}`));
    expect(folders.length).toBeGreaterThan(0);
    for (const folder of folders) expect(await padsOf(folder), folder).toEqual(all(PAD));
  });
});
