import { mkdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { readJson, writeJson } from '../checkpoint/json-file.js';
import { openSafetensors, writeSafetensors } from '../checkpoint/safetensors.js';
import { InputError } from '../data/input.errors.js';
import type { LoraSettings, ModelConfig, NamedWeight, WeightSource } from '../interfaces.js';
import { isHead } from '../model/trainable.js';
import { adapterShapes, layerOf, targetModules } from './lora-layers.js';

const CONFIG = 'adapter_config.json';
const WEIGHTS = 'adapter_model.safetensors';
/** What PEFT writes in front of the name a tensor has in the base. */
const PREFIX = 'base_model.model.';

const empty = z.record(z.string(), z.unknown()).refine((pattern) => Object.keys(pattern).length === 0, 'must be empty');

/** The fields of PEFT's adapter_config.json we act on; those that would change the numbers must be off. */
const adapterFile = z.object({
  peft_type: z.literal('LORA'),
  r: z.int().positive(),
  lora_alpha: z.number().positive(),
  lora_dropout: z.number().min(0).lt(1).default(0),
  target_modules: z.union([z.string(), z.array(z.string())]).nullish(),
  use_rslora: z.boolean().default(false),
  use_dora: z.literal(false).default(false),
  fan_in_fan_out: z.literal(false).default(false),
  bias: z.literal('none').default('none'),
  lora_bias: z.literal(false).default(false),
  rank_pattern: empty.nullish(),
  alpha_pattern: empty.nullish(),
});

/** An adapter as PEFT lays it out: its settings, and its tensors under the names of `lora-layers.ts`. */
export interface AdapterFolder {
  path: string;
  settings: LoraSettings;
  /** A and B of each layer; for a reward model its head too. */
  weights: WeightSource;
}

/**
 * Writes `adapter_config.json` and `adapter_model.safetensors` as PEFT does.
 * @param weights A and B of each layer, and `score.weight` of a reward model; a value head is left out
 * @param base path or name of the model that was adapted, for whoever loads the adapter
 * @returns SHA-256 of adapter_model.safetensors
 */
export async function writeAdapter(
  folder: string,
  adapter: { config: ModelConfig; settings: LoraSettings; weights: WeightSource; base: string | null },
): Promise<string> {
  const { config, settings, weights, base } = adapter;
  const names = weights.names().filter((name) => !name.startsWith('v_head.'));
  const reward = names.some(isHead);
  await mkdir(folder, { recursive: true });
  await writeJson(join(folder, CONFIG), {
    peft_type: 'LORA',
    task_type: reward ? 'SEQ_CLS' : 'CAUSAL_LM',
    base_model_name_or_path: base,
    r: settings.rank,
    lora_alpha: settings.alpha,
    lora_dropout: settings.dropout,
    target_modules: targetModules(config, settings),
    modules_to_save: reward ? ['score'] : null,
    use_rslora: settings.rankStabilised ?? false,
    use_dora: false,
    bias: 'none',
    fan_in_fan_out: false,
    inference_mode: true,
    init_lora_weights: true,
    rank_pattern: {},
    alpha_pattern: {},
  });
  return writeSafetensors(join(folder, WEIGHTS), {
    names: () => names.map((name) => PREFIX + name),
    get: (name) => weights.get(name.slice(PREFIX.length)),
  });
}

/**
 * Opens an adapter of PEFT's layout for a base of this shape.
 * @throws InputError for settings we cannot follow, and tensors that are missing, unknown or of another shape
 */
export async function openAdapter(path: string, config: ModelConfig): Promise<AdapterFolder> {
  const parsed = adapterFile.safeParse(await readJson(join(path, CONFIG)));
  if (!parsed.success) {
    const faults = parsed.error.issues.slice(0, 5).map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    throw new InputError('adapter', `${join(path, CONFIG)} is no adapter this trainer reads: ${faults.join('; ')}.`);
  }
  const file = parsed.data;
  const weights = unpacked(openSafetensors(join(path, WEIGHTS)), config);
  // The tensors say which layers there are: PEFT's target_modules may also be a pattern.
  const layers = [...new Set(weights.names().flatMap((name) => layerOf(name)?.layer ?? []))];
  const settings: LoraSettings = {
    rank: file.r,
    alpha: file.lora_alpha,
    dropout: file.lora_dropout,
    targets: layers,
    rankStabilised: file.use_rslora,
  };
  refuseMismatch(weights, adapterShapes(config, settings), path);
  return { path, settings, weights };
}

/** Without PEFT's prefix; Baichuan's W_pack becomes q, k and v, which share its A and take their rows of its B. */
function unpacked(file: WeightSource, { hiddenSize }: ModelConfig): WeightSource {
  const places = new Map<string, { name: string; part: number | null }>();
  for (const name of file.names()) {
    const own = name.startsWith(PREFIX) ? name.slice(PREFIX.length) : name;
    if (own.includes('.W_pack.lora_')) {
      ['q_proj', 'k_proj', 'v_proj'].forEach((to, part) => places.set(own.replace('W_pack', to), { name, part }));
    } else places.set(own, { name, part: null });
  }
  return {
    names: () => [...places.keys()],
    get(own): NamedWeight {
      const { name, part } = places.get(own)!;
      const weight = file.get(name);
      if (part === null || layerOf(own)?.part === 'A') return weight;
      const rank = weight.shape[1]!;
      const from = part * hiddenSize * rank;
      return { shape: [hiddenSize, rank], data: weight.data.slice(from, from + hiddenSize * rank) };
    },
  };
}

function refuseMismatch(weights: WeightSource, wanted: ReadonlyMap<string, number[]>, path: string): void {
  const present = new Set(weights.names());
  const missing = [...wanted.keys()].filter((name) => !present.has(name));
  const unknown = [...present].filter((name) => !wanted.has(name) && !isHead(name));
  const misshapen = [...wanted].flatMap(([name, shape]) => {
    const found = present.has(name) ? weights.get(name).shape : shape;
    return found.join() === shape.join() ? [] : [`${name} as [${found.join(', ')}], needed [${shape.join(', ')}]`];
  });
  const faults = [
    ...(missing.length > 0 ? [`lacks ${missing.join(', ')}`] : []),
    ...(unknown.length > 0 ? [`holds ${unknown.join(', ')}, for which the base has no place`] : []),
    ...(misshapen.length > 0 ? [`holds ${misshapen.join('; ')}`] : []),
  ];
  if (faults.length === 0) return;
  throw new InputError(
    'adapter',
    `The adapter in ${basename(path)} does not fit this base: it ${faults.join('; it ')}.`,
  );
}
