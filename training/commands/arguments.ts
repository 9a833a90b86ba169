import type { z } from 'zod';
import { InputError } from '../data/input.errors.js';

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
