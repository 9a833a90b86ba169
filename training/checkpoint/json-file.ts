import { readFile, writeFile } from 'node:fs/promises';
import { InputError } from '../data/input.errors.js';

export async function writeJson(path: string, value: unknown): Promise<void> {
  await writeFile(path, JSON.stringify(value, null, 2) + '\n');
}

/** @throws InputError when the file is missing or no JSON */
export async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    throw new InputError('model_missing', `${path} ${code ? `cannot be read (${code})` : 'is not JSON'}.`);
  }
}
