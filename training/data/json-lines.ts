import { InputError } from './input.errors.js';

/**
 * JSON values of a JSONL stream with their line numbers (from 1). Lines end at LF alone: readline would also break at
 * U+2028, which JSON leaves bare inside strings.
 */
export async function* jsonLines(
  stream: AsyncIterable<Uint8Array>,
  file: string,
): AsyncGenerator<{ line: number; value: unknown }> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let rest = '';
  let line = 0;
  const parse = (text: string): { line: number; value: unknown } => {
    line++;
    try {
      return { line, value: JSON.parse(text) };
    } catch {
      throw new InputError('snapshot_row', `${file} line ${line}: not JSON.`, { file, line });
    }
  };
  const decode = (bytes?: Uint8Array): string => {
    try {
      return bytes ? decoder.decode(bytes, { stream: true }) : decoder.decode();
    } catch {
      throw new InputError('snapshot_row', `${file} after line ${line}: not UTF-8.`, { file, line });
    }
  };
  for await (const chunk of stream) {
    const lines = (rest + decode(chunk)).split('\n');
    rest = lines.pop()!;
    for (const text of lines) yield parse(text);
  }
  rest += decode();
  if (rest !== '') yield parse(rest);
}
