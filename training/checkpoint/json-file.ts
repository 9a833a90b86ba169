import { readFile, writeFile } from 'node:fs/promises';
import { InputError } from '../data/input.errors.js';

/**
 * @param fractional names of fields whose numbers are written with a point, also where they are whole: Python tells 4 from
 * 4.0, and versions of transformers refuse the former where they want a fraction
 */
export async function writeJson(path: string, value: unknown, fractional?: ReadonlySet<string>): Promise<void> {
  const text = JSON.stringify(value, null, 2).replace(/^( *"(\w+)": -?\d+)(,?)$/gm, (line, number, name, end) =>
    fractional?.has(String(name)) ? `${String(number)}.0${String(end)}` : String(line),
  );
  await writeFile(path, text + '\n');
}

/** @throws InputError when the file is missing or no JSON */
export async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    const why = code ? `cannot be read (${code}); name a folder that has it` : 'is not JSON; fetch it again';
    throw new InputError('model_missing', `${path} ${why}.`);
  }
}
