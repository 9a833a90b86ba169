import { InputError } from '../data/input.errors.js';
import type { LoraSettings, ModelConfig } from '../interfaces.js';
import { embeddingName, parameterShapes } from '../model/parameter-shapes.js';

/** Projections of the attention: what is adapted where nothing is named. */
const ATTENTION = {
  llama: ['q_proj', 'k_proj', 'v_proj', 'o_proj'],
  qwen2: ['q_proj', 'k_proj', 'v_proj', 'o_proj'],
  bloom: ['query_key_value', 'dense'],
};

/** Baichuan-7B keeps q, k and v in one matrix; here they are three, as in Llama. */
const PACKED: Record<string, string[]> = { W_pack: ['q_proj', 'k_proj', 'v_proj'] };

/** The layer of an adapter's tensor and which of the two it is; `null` for anything else. */
export function layerOf(name: string): { layer: string; part: 'A' | 'B' } | null {
  const found = /^(.+)\.lora_(A|B)\.weight$/.exec(name);
  return found ? { layer: found[1]!, part: found[2] as 'A' | 'B' } : null;
}

/** The ends of the names of layers to adapt. */
export function targetModules(config: ModelConfig, { targets }: Pick<LoraSettings, 'targets'>): string[] {
  return (targets ?? ATTENTION[config.architecture]).flatMap((target) => PACKED[target] ?? [target]);
}

/**
 * Names and shapes of an adapter's tensors, A [rank, in] before B [out, rank], in the order of the layers.
 * @throws InputError naming a target that no linear layer's name ends in
 */
export function adapterShapes(config: ModelConfig, settings: LoraSettings): Map<string, number[]> {
  const targets = targetModules(config, settings);
  const layers = linearLayers(config);
  const unknown = targets.find((target) => !layers.some(({ name }) => endsIn(name, target)));
  if (unknown !== undefined) {
    const known = [...new Set(layers.map(({ name }) => name.split('.').at(-1)!))];
    throw new InputError(
      'lora_target',
      `lora.target_modules: no layer of this model ends in "${unknown}"; there are ${known.join(', ')}.`,
    );
  }
  const shapes = new Map<string, number[]>();
  for (const { name, out, width } of layers) {
    if (!targets.some((target) => endsIn(name, target))) continue;
    shapes.set(`${name}.lora_A.weight`, [settings.rank, width]);
    shapes.set(`${name}.lora_B.weight`, [out, settings.rank]);
  }
  return shapes;
}

/** Every matrix that a projection goes through: not the embedding, which is looked up, and not the small heads. */
function linearLayers(config: ModelConfig): { name: string; out: number; width: number }[] {
  const embedding = embeddingName(config.architecture);
  return [...parameterShapes(config, 'none')].flatMap(([weight, [out, width]]) => {
    const name = weight.replace(/\.weight$/, '');
    return width === undefined || name === embedding ? [] : [{ name, out: out!, width }];
  });
}

/** As PEFT matches a list of targets. */
function endsIn(name: string, target: string): boolean {
  return name === target || name.endsWith(`.${target}`);
}
