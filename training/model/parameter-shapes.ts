import type { Architecture, ModelConfig } from '../interfaces.js';

/** What stands on the trunk: nothing but the vocabulary, a score, or a value beside the vocabulary. */
export type Head = 'none' | 'reward' | 'value';

/** The token embedding, which with tied embeddings is the output layer too, without `.weight`. */
export function embeddingName(architecture: Architecture): string {
  return architecture === 'bloom' ? 'transformer.word_embeddings' : 'model.embed_tokens';
}

/** Names and shapes of all parameters of a model, in the order in which they are drawn, saved and updated. */
export function parameterShapes(c: ModelConfig, head: Head): Map<string, number[]> {
  const shapes = new Map<string, number[]>(c.architecture === 'bloom' ? bloomShapes(c) : llamaShapes(c));
  if (head === 'reward') shapes.set('score.weight', [1, c.hiddenSize]);
  else if (!c.tiedEmbeddings) shapes.set('lm_head.weight', [c.vocabSize, c.hiddenSize]);
  if (head === 'value') {
    shapes.set('v_head.weight', [1, c.hiddenSize]);
    shapes.set('v_head.bias', [1]);
  }
  return shapes;
}

type NamedShape = [string, number[]];

function* llamaShapes(c: ModelConfig): Generator<NamedShape> {
  const [queries, keys] = [c.heads * c.headDim, c.kvHeads * c.headDim];
  const inputBias = c.architecture === 'qwen2' || (c.attentionBias ?? false);
  yield ['model.embed_tokens.weight', [c.vocabSize, c.hiddenSize]];
  for (let l = 0; l < c.layers; l++) {
    const at = `model.layers.${l}`;
    yield [`${at}.input_layernorm.weight`, [c.hiddenSize]];
    yield* linear(`${at}.self_attn.q_proj`, queries, c.hiddenSize, inputBias);
    yield* linear(`${at}.self_attn.k_proj`, keys, c.hiddenSize, inputBias);
    yield* linear(`${at}.self_attn.v_proj`, keys, c.hiddenSize, inputBias);
    yield* linear(`${at}.self_attn.o_proj`, c.hiddenSize, queries, c.attentionBias);
    yield [`${at}.post_attention_layernorm.weight`, [c.hiddenSize]];
    yield* linear(`${at}.mlp.gate_proj`, c.intermediateSize, c.hiddenSize, c.mlpBias);
    yield* linear(`${at}.mlp.up_proj`, c.intermediateSize, c.hiddenSize, c.mlpBias);
    yield* linear(`${at}.mlp.down_proj`, c.hiddenSize, c.intermediateSize, c.mlpBias);
  }
  yield ['model.norm.weight', [c.hiddenSize]];
}

function* bloomShapes(c: ModelConfig): Generator<NamedShape> {
  yield ['transformer.word_embeddings.weight', [c.vocabSize, c.hiddenSize]];
  yield* norm('transformer.word_embeddings_layernorm', c.hiddenSize);
  for (let l = 0; l < c.layers; l++) {
    const at = `transformer.h.${l}`;
    yield* norm(`${at}.input_layernorm`, c.hiddenSize);
    yield* linear(`${at}.self_attention.query_key_value`, 3 * c.hiddenSize, c.hiddenSize, true);
    yield* linear(`${at}.self_attention.dense`, c.hiddenSize, c.hiddenSize, true);
    yield* norm(`${at}.post_attention_layernorm`, c.hiddenSize);
    yield* linear(`${at}.mlp.dense_h_to_4h`, c.intermediateSize, c.hiddenSize, true);
    yield* linear(`${at}.mlp.dense_4h_to_h`, c.hiddenSize, c.intermediateSize, true);
  }
  yield* norm('transformer.ln_f', c.hiddenSize);
}

function* linear(name: string, outputs: number, inputs: number, bias = false): Generator<NamedShape> {
  yield [`${name}.weight`, [outputs, inputs]];
  if (bias) yield [`${name}.bias`, [outputs]];
}

function* norm(name: string, size: number): Generator<NamedShape> {
  yield [`${name}.weight`, [size]];
  yield [`${name}.bias`, [size]];
}
