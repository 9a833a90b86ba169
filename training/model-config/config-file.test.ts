import { describe, expect, it } from 'vitest';
import { goldenJson } from '../testing/golden.js';
import { fromConfigFile, toConfigFile, toGenerationFile } from './config-file.js';

const llama = {
  architectures: ['LlamaForCausalLM'],
  model_type: 'llama',
  vocab_size: 10,
  hidden_size: 8,
  intermediate_size: 16,
  num_hidden_layers: 1,
  num_attention_heads: 2,
  max_position_embeddings: 256,
  eos_token_id: 2,
};
const bloom = { model_type: 'bloom', vocab_size: 10, hidden_size: 12, n_layer: 1, n_head: 3, eos_token_id: 2 };
const baichuan = { ...llama, architectures: ['BaiChuanForCausalLM'], model_type: 'baichuan', auto_map: { a: 'b' } };
const read = (json: unknown, generation: unknown = null) => fromConfigFile(json, 'config.json', generation);

describe('config.json', () => {
  it.each([
    'llama-gqa',
    'llama3-rope',
    'llama-linear-rope',
    'llama-bf16',
    'llama-sharded',
    'qwen2-tied',
    'bloom',
    'baichuan-packed',
    'reward',
  ])('of %s says the same after it is written in the older spelling', (name) => {
    const file = read(goldenJson(`${name}/config.json`));
    const written = toConfigFile(file);
    expect(read(written)).toEqual(file);
    expect(Object.keys(written)).toContain(file.config.architecture === 'bloom' ? 'n_head' : 'rope_theta');
    expect(Object.keys(written)).not.toContain('rope_parameters');
  });

  it('is read in both spellings of rotary scaling', () => {
    const yarn = { factor: 4, original_max_position_embeddings: 64 };
    const older = read({ ...llama, rope_theta: 5e5, rope_scaling: { type: 'yarn', ...yarn } });
    const newer = read({ ...llama, rope_parameters: { rope_theta: 5e5, rope_type: 'yarn', ...yarn } });
    expect(newer).toEqual(older);
    expect(older.config).toMatchObject({
      ropeTheta: 5e5,
      ropeScaling: { type: 'yarn', factor: 4, originalContextLength: 64, betaFast: 32, betaSlow: 1, truncate: true },
    });
    expect(toConfigFile(older)).toMatchObject({
      rope_theta: 5e5,
      rope_scaling: { rope_type: 'yarn', factor: 4, original_max_position_embeddings: 64 },
    });
  });

  it('keeps fields that nothing here acts on, but not those that held for its own file only', () => {
    const file = read({ ...llama, initializer_range: 0.01, max_window_layers: 3, auto_map: {}, dtype: 'bfloat16' });
    expect(file.config.otherFields).toEqual({ initializer_range: 0.01, max_window_layers: 3 });
    const written = toConfigFile(file);
    expect(written).toMatchObject({ initializer_range: 0.01, max_window_layers: 3, torch_dtype: 'float32' });
    expect(written).not.toHaveProperty('auto_map');
  });

  it('of the first BLOOM models and of Baichuan-7B has other names', () => {
    const first = { ...bloom, hidden_size: undefined, n_head: undefined, n_embed: 12, num_attention_heads: 3 };
    expect(read(first).config).toEqual(read(bloom).config);
    const { config } = read(baichuan);
    expect(config).toMatchObject({ architecture: 'llama', kvHeads: 2, tiedEmbeddings: false });
    expect(toConfigFile(read(baichuan))).toMatchObject({ architectures: ['LlamaForCausalLM'], model_type: 'llama' });
  });

  it('takes end tokens and advice on sampling from generation_config.json', () => {
    const generation = { eos_token_id: [5, 2], temperature: 0.7, _from_model_config: true, transformers_version: '4' };
    const { config } = read(llama, generation);
    expect(config).toMatchObject({ eosTokenId: 2, stopTokenIds: [2, 5], generationFields: { temperature: 0.7 } });
    expect(toGenerationFile(config)).toEqual({ temperature: 0.7, eos_token_id: [2, 5], pad_token_id: 0 });
    expect(read({ ...llama, hidden_act: 'swish' }).config).toEqual(read(llama).config);
    expect(read({ ...llama, eos_token_id: undefined }, generation).config.eosTokenId).toBe(5);
  });

  it('gets a pad token that ends no reply', () => {
    expect(read({ ...llama, pad_token_id: 7 }).config.padTokenId).toBe(7);
    expect(read({ ...llama, pad_token_id: 2 }).config.padTokenId).toBe(0);
    expect(read({ ...llama, eos_token_id: [0, 1] }).config.padTokenId).toBe(2);
    expect(read({ ...llama, pad_token_id: -1 }).config.padTokenId).toBe(0);
  });

  it.each([
    ['longrope', { ...llama, rope_scaling: { type: 'longrope', factor: 2 } }],
    ['lacks "factor"', { ...llama, rope_scaling: { rope_type: 'linear' } }],
    ['sliding window', { ...llama, model_type: 'qwen2', use_sliding_window: true }],
    ['turn in part', { ...llama, partial_rotary_factor: 0.5 }],
    ['share 3 key heads', { ...llama, num_key_value_heads: 3 }],
    ['hidden_act is "gelu"', { ...llama, hidden_act: 'gelu' }],
    ['hidden_act is "relu2"', { ...llama, model_type: 'qwen2', hidden_act: 'relu2' }],
    ['quantised', { ...llama, quantization_config: { bits: 4 } }],
    ['no eos_token_id', { ...llama, eos_token_id: null }],
    ['type "mistral"', { ...llama, model_type: 'mistral' }],
    ['Baichuan-13B', { ...baichuan, max_position_embeddings: undefined, model_max_length: 4096 }],
    ['Baichuan 2', { ...baichuan, z_loss_weight: 0 }],
    ['3 heads', { ...bloom, hidden_size: 16 }],
    ['apply_residual_connection_post_layernorm', { ...bloom, apply_residual_connection_post_layernorm: true }],
  ])('is refused for what would give wrong numbers: %s', (word, json) => {
    expect(() => read(json)).toThrow(expect.objectContaining({ code: 'training.model_config' }));
    expect(() => read(json)).toThrow(word);
  });
});
