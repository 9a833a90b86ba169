import { parseArgs } from 'node:util';
import {
  allowedUse,
  chosenLayout,
  columnMapping,
  dataSet,
  fileEncoding,
  knownIds,
  language,
  rowLayout,
  type FileDelimiter,
} from '@qingnang/contracts';
import { DomainError } from '@qingnang/kernel';
import { z } from 'zod';

export const importUsage = `qingnang import FILE --project SLUG --source NAME --data-set NAME [options]

  --data-set NAME        distilled_instruction, real_instruction, distilled_conversation, real_conversation
                         or reference_corpus
  --map FIELD=COLUMN     which column holds title, ask, answer, department or id; may be given several times
  --no-header            the first line is data; columns are then column_1, column_2 … (--header: it names them)
  --delimiter NAME       comma, tab, semicolon or pipe
  --encoding NAME        utf-8, gb18030 (GBK), utf-16le or utf-16be
  --layout NAME          qa_columns, huatuo, alpaca or sharegpt
  --known-ids WHAT       rows whose id this source has said with other words: refuse (unless told otherwise),
                         keep_both, or replace, which ends the approval of what it replaces
  --yes                  take the proposed layout without asking, also where nobody answers
  --url ADDRESS          of the platform; otherwise as in the settings

What is not said is proposed from the beginning of the file, and shown before anything is read. A preference pair is no
consultation; --map answer=chosen takes its better answer.

Exit code 0: rows were taken. 1: none was, the import failed, or was not confirmed. 2: wrong arguments.

A source that does not exist yet is made when these are given:
  --licence SPDX         e.g. Apache-2.0, or LicenseRef-own-terms
  --allowed-use LIST     of train, evaluate, reference, release, e.g. train,evaluate
  --deidentified yes|no  whether names, numbers and addresses were removed before
  --language zh|en       zh unless told
  --origin TEXT

Needs QINGNANG_API_KEY: a key with the scopes uploads:create, imports:create, imports:read, sources:read and, for a new
source, sources:create.
`;

const importArguments = z.object({
  file: z.string(),
  project: z.string(),
  source: z.string(),
  dataSet,
  mapping: columnMapping,
  chosen: chosenLayout,
  knownIds,
  yes: z.boolean(),
  url: z.url().optional(),
  licence: z.string().optional(),
  allowedUse: z.array(allowedUse).optional(),
  deidentified: z.enum(['yes', 'no']).optional(),
  language,
  origin: z.string(),
});
export type ImportArguments = z.infer<typeof importArguments>;

const text = { type: 'string' } as const;
const options = {
  project: text,
  source: text,
  'data-set': text,
  map: { type: 'string', multiple: true },
  header: { type: 'boolean' },
  'no-header': { type: 'boolean' },
  delimiter: text,
  encoding: text,
  layout: text,
  'known-ids': text,
  yes: { type: 'boolean' },
  url: text,
  licence: text,
  'allowed-use': text,
  deidentified: text,
  language: text,
  origin: text,
} as const;

/** @throws DomainError `cli.usage` that names the argument at fault. */
export function readImportArguments(args: string[]): ImportArguments {
  try {
    const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
    if (positionals.length > 1) throw new TypeError(`one FILE at a time, not ${positionals.length}`);
    return importArguments.parse({
      ...values,
      file: positionals[0],
      dataSet: values['data-set'],
      mapping: Object.fromEntries((values.map ?? []).map((pair) => splitPair(pair))),
      chosen: readChosen(values),
      knownIds: values['known-ids'] ?? 'refuse',
      yes: values.yes ?? false,
      allowedUse: values['allowed-use']?.split(','),
      language: values.language ?? 'zh',
      origin: values.origin ?? '',
    });
  } catch (error) {
    const why = error instanceof z.ZodError ? error.issues.map(sayIssue).join('; ') : (error as Error).message;
    throw new DomainError({ code: 'cli.usage', status: 422, detail: `${why}\n\n${importUsage}`, cause: error });
  }
}

const DELIMITERS: Record<string, FileDelimiter> = { comma: ',', tab: '\t', semicolon: ';', pipe: '|' };

interface ChosenWords {
  header?: boolean;
  'no-header'?: boolean;
  delimiter?: string;
  encoding?: string;
  layout?: string;
}

/** What was said of the file; what was not is left to be proposed. */
function readChosen(words: ChosenWords): z.infer<typeof chosenLayout> {
  const delimiter = words.delimiter === undefined ? undefined : DELIMITERS[words.delimiter];
  if (words.delimiter !== undefined && delimiter === undefined)
    throw new TypeError(`--delimiter: one of ${Object.keys(DELIMITERS).join(', ')}, not ${words.delimiter}`);
  if (words.header && words['no-header']) throw new TypeError('--header or --no-header, not both');
  return {
    ...(words.header || words['no-header'] ? { noHeader: words['no-header'] === true } : {}),
    ...(delimiter === undefined ? {} : { delimiter, container: 'csv' as const }),
    ...(words.encoding === undefined ? {} : { encoding: oneOf('--encoding', fileEncoding.options, words.encoding) }),
    ...(words.layout === undefined ? {} : { layout: oneOf('--layout', rowLayout.options, words.layout) }),
  };
}

function oneOf<T extends string>(flag: string, options: readonly T[], word: string): T {
  const found = options.find((option) => option === word);
  if (found === undefined) throw new TypeError(`${flag}: one of ${options.join(', ')}, not ${word}`);
  return found;
}

function splitPair(pair: string): [string, string] {
  const at = pair.indexOf('=');
  if (at < 1) throw new TypeError(`--map wants FIELD=COLUMN, not ${pair}`);
  return [pair.slice(0, at), pair.slice(at + 1)];
}

const FLAGS: Record<string, string> = {
  file: 'FILE',
  dataSet: '--data-set',
  allowedUse: '--allowed-use',
  mapping: '--map',
  knownIds: '--known-ids',
};

function sayIssue({ path, message }: z.core.$ZodIssue): string {
  const name = String(path[0] ?? '');
  return `${FLAGS[name] ?? `--${name}`}: ${message}`;
}
