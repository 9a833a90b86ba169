import type { ModelConfig, NamedWeight, WeightSource } from '../interfaces.js';
import type { SafetensorsFile } from './safetensors.js';

/** What a model saved without its head leaves out in front of each name. */
const TRUNKS = {
  llama: { prefix: 'model.', parts: /^(embed_tokens|layers|norm)\./ },
  qwen2: { prefix: 'model.', parts: /^(embed_tokens|layers|norm)\./ },
  bloom: { prefix: 'transformer.', parts: /^(word_embeddings|word_embeddings_layernorm|h|ln_f)\./ },
};

/** Tables that older programs saved and everyone works out anew. */
const TABLES = /(\.rotary_emb\.inv_freq|\.attention\.bias|\.attention\.masked_bias)$/;

/** Baichuan-7B keeps the matrices of q, k and v on top of each other. */
const PACKED = /\.W_pack\.weight$/;

interface Place {
  /** Name in the file. */
  name: string;
  rows?: [from: number, to: number];
}

/**
 * The tensors of a checkpoint under the names and in the shapes of `model/parameter-shapes.ts`: the prefix of the trunk
 * put in front where it lacks, Baichuan's packed matrices cut into q, k and v, saved tables and a tied head left out.
 */
export function inOurLayout(file: SafetensorsFile, config: ModelConfig): WeightSource {
  const { prefix, parts } = TRUNKS[config.architecture];
  const places = new Map<string, Place>();
  for (const name of file.names()) {
    if (TABLES.test(name) || (config.tiedEmbeddings && name === 'lm_head.weight')) continue;
    const full = parts.test(name) ? prefix + name : name;
    if (!PACKED.test(full)) {
      places.set(full, { name });
      continue;
    }
    ['q_proj', 'k_proj', 'v_proj'].forEach((part, i) => {
      const rows: [number, number] = [i * config.hiddenSize, (i + 1) * config.hiddenSize];
      places.set(full.replace('W_pack', part), { name, rows });
    });
  }
  const placeOf = (name: string): Place => places.get(name) ?? { name };
  return {
    path: file.path,
    names: () => [...places.keys()],
    shape(name) {
      const { name: own, rows } = placeOf(name);
      const dims = file.shape(own);
      return rows ? [dims[0] === 3 * config.hiddenSize ? config.hiddenSize : dims[0]!, ...dims.slice(1)] : dims;
    },
    get(name): NamedWeight {
      const { name: own, rows } = placeOf(name);
      return rows ? file.rows(own, ...rows) : file.get(own);
    },
  };
}
