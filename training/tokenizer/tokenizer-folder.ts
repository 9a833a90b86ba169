import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError } from '../data/input.errors.js';
import type { AddedToken, TokenizerFiles } from './tokenizer-files.js';

type Json = Record<string, unknown>;

/**
 * The tokenizer files of a Hugging Face folder as one: `tokenizer.json` and `tokenizer_config.json`, with what stands apart
 * filled in: `special_tokens_map.json`, the token of `padding`, `chat_template.jinja`, and tokens that only the configuration lists as added.
 * @throws InputError when a file is missing or not JSON
 */
export async function readTokenizerFolder(folder: string): Promise<TokenizerFiles> {
  const tokenizer = await required(folder, 'tokenizer.json');
  const config = await required(folder, 'tokenizer_config.json');
  const apart = await readFile(join(folder, 'special_tokens_map.json'), 'utf8').then(
    (text) => JSON.parse(text) as Json,
    () => ({}),
  );
  const open = Object.entries({ ...paddingOf(tokenizer), ...apart }).filter(
    ([name]) => config[name] === undefined || config[name] === null,
  );
  const template = await readFile(join(folder, 'chat_template.jinja'), 'utf8').catch(() => defaultTemplate(config));
  return {
    tokenizer: { ...tokenizer, added_tokens: addedTokens(tokenizer, config) },
    config: {
      ...config,
      ...Object.fromEntries(open),
      ...(template === null ? {} : { chat_template: template }),
    },
  };
}

async function required(folder: string, name: string): Promise<Json> {
  try {
    return JSON.parse(await readFile(join(folder, name), 'utf8')) as Json;
  } catch {
    const remedy = name === 'tokenizer.json' ? ' Save the "fast" tokenizer of transformers into the folder.' : '';
    throw new InputError('tokenizer', `${name} in ${folder} is missing or not JSON.${remedy}`);
  }
}

/** A tokenizer that pads by itself says with what; transformers takes that where no other place names a padding token. */
function paddingOf({ padding }: Json): Json {
  const token = (padding as { pad_token?: unknown } | null | undefined)?.pad_token;
  return typeof token === 'string' ? { pad_token: token } : {};
}

/** Some folders list several templates by name. */
function defaultTemplate({ chat_template: template }: Json): string | null {
  if (typeof template === 'string') return template;
  const list = Array.isArray(template) ? (template as { name: string; template: string }[]) : [];
  return (list.find(({ name }) => name === 'default') ?? list[0])?.template ?? null;
}

function addedTokens(tokenizer: Json, config: Json): AddedToken[] {
  const tokens = (tokenizer['added_tokens'] ?? []) as AddedToken[];
  const seen = new Set(tokens.map(({ id }) => id));
  const listed = Object.entries((config['added_tokens_decoder'] ?? {}) as Record<string, Omit<AddedToken, 'id'>>);
  const missing = listed.map(([id, token]) => ({ ...token, id: Number(id) })).filter(({ id }) => !seen.has(id));
  return [...tokens, ...missing].sort((a, b) => a.id - b.id);
}
