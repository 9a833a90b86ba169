import { readFile } from 'node:fs/promises';
import { parseArgs as parseByNode } from 'node:util';
import type { RunMethod } from '@qingnang/contracts';
import type { z } from 'zod';
import { InputError } from '../data/input.errors.js';

/** Node's `parseArgs`. @throws InputError for an option the command does not have, with the nearest it has, or all */
export const parseArgs: typeof parseByNode = (config) => {
  try {
    return parseByNode(config);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const unknown = /'(-[^']*)'/.exec(message)?.[1];
    if (code !== 'ERR_PARSE_ARGS_UNKNOWN_OPTION' || unknown === undefined) throw error;
    const own = Object.keys(config?.options ?? {}).map((name) => `--${name}`);
    const near = own.filter((name) => distance(name, unknown) <= Math.max(2, unknown.length / 4));
    near.sort((a, b) => distance(a, unknown) - distance(b, unknown));
    const remedy = near.length > 0 ? `did you mean ${near[0]}?` : `there are ${own.sort().join(', ')}.`;
    throw new InputError('arguments', `There is no option ${unknown}; ${remedy}`);
  }
};

/** Letters to insert, remove or replace until one word is the other (Levenshtein, 1966). */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, n) => n);
  for (let i = 1; i <= a.length; i++) {
    const above = row;
    row = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = above[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      row.push(Math.min(replaced, above[j]! + 1, row[j - 1]! + 1));
    }
  }
  return row[b.length]!;
}

/** @throws InputError when an option that has no default is missing */
export function required(value: string | undefined, option: string): string {
  if (value === undefined || value === '')
    throw new InputError('arguments', `${option} is missing; see qingnang-train --help.`);
  return value;
}

/** @throws InputError for anything but a whole number from 0 on */
export function wholeNumber(value: string, option: string): number {
  const number = Number(value);
  if (value.trim() === '' || !Number.isSafeInteger(number) || number < 0) {
    throw new InputError('arguments', `${option} wants a whole number, not "${value}".`);
  }
  return number;
}

/** @throws InputError for anything but a back end's name; `auto` where none is given */
export function backendName(value = 'auto'): 'auto' | 'gpu' | 'native' | 'wasm' | 'cpu' {
  if (value === 'auto' || value === 'gpu' || value === 'native' || value === 'wasm' || value === 'cpu') return value;
  throw new InputError('arguments', '--backend wants auto, gpu, native, wasm or cpu.');
}

/** @throws InputError listing the names there are */
export function oneOf<T extends string>(names: z.ZodType<T>, value: string, option: string): T {
  const parsed = names.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new InputError('arguments', `${option}: ${parsed.error.issues[0]!.message}.`);
}

/** @throws InputError for anything that is no address of a server */
export function address(value: string, option: string): string {
  if (/^https?:\/\//.test(value)) return value;
  throw new InputError('arguments', `${option} wants an address that begins with http:// or https://.`);
}

/** A token or key from the file that holds nothing else. @throws InputError when it cannot be read */
export async function secretFile(path: string, option: string): Promise<string> {
  const text = await readFile(path, 'utf8').catch(() => {
    throw new InputError('arguments', `${option}: the file ${path} cannot be read.`);
  });
  return text.trim();
}

/** What a configuration file asks for; nothing where there is none. @throws InputError for one of another method */
export async function configFile(path: string | undefined, method: RunMethod): Promise<Record<string, unknown>> {
  if (path === undefined) return {};
  const config = await readObject(path);
  const { method: own = method } = config;
  if (own === method) return config;
  throw new InputError('config', `The configuration is for ${String(own)}, not for ${method}.`);
}

async function readObject(path: string): Promise<Record<string, unknown>> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new InputError('config', `--config: the file ${path} cannot be read (${error.code}).`);
  });
  try {
    const json: unknown = JSON.parse(text);
    if (typeof json === 'object' && json !== null && !Array.isArray(json)) return json as Record<string, unknown>;
  } catch {
    // said below
  }
  throw new InputError('config', `${path} holds no JSON object; --config wants one.`);
}
