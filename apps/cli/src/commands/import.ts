import { createReadStream } from 'node:fs';
import { access, constants } from 'node:fs/promises';
import { basename } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { loadSettings, type Settings } from '@qingnang/config';
import {
  importJob,
  type ImportJob,
  type LayoutDetection,
  type ReadPlan,
  type Source,
  source,
  sourceList,
  type Upload,
  upload,
} from '@qingnang/contracts';
import { DomainError } from '@qingnang/kernel';
import { ApiClient } from '../client/api-client.js';
import { inReadersLanguage } from '../client/readers-language.js';
import { type ImportArguments, importUsage, readImportArguments } from '../client/import-arguments.js';

/** Sends a file, shows how it would be read, and follows the import to its end. Exit code 1 if nothing was taken. */
export async function run(args: string[]): Promise<number> {
  if (args.length === 0 || args.includes('--help')) {
    process.stdout.write(importUsage);
    return args.length === 0 ? 2 : 0;
  }
  const asked = readImportArguments(args);
  const client = connect(asked, loadSettings());
  await access(asked.file, constants.R_OK).catch((cause: unknown) => {
    throw new DomainError({ code: 'cli.no_file', status: 422, detail: `${asked.file} cannot be read.`, cause });
  });
  const sourceId = await findSource(client, asked);
  const detection = await send(client, asked);
  const { container, layout, encoding, delimiter, noHeader } = detection;
  const plan: ReadPlan = {
    ...{ container, layout, encoding, delimiter, noHeader },
    mapping: { ...detection.mapping, ...asked.mapping },
  };
  process.stdout.write(`${describe(plan, detection)}\n`);
  if (!asked.yes && !(await confirmed())) return 1;
  const made = await client.post(
    'imports',
    { uploadId: detection.uploadId, sourceId, dataSet: asked.dataSet, plan, knownIds: asked.knownIds },
    importJob,
  );
  return report(await follow(client, made));
}

/** @throws DomainError `cli.unreadable`, in the reader's language, for a file of no known layout. */
async function send(client: ApiClient, asked: ImportArguments): Promise<LayoutDetection & { uploadId: string }> {
  const query = new URLSearchParams({ fileName: basename(asked.file) });
  for (const [name, value] of Object.entries(asked.chosen)) query.set(name, String(value));
  const sent: Upload = await client.upload(`uploads?${query.toString()}`, createReadStream(asked.file), upload);
  if (sent.detection) return { ...sent.detection, uploadId: sent.id };
  const detail = inReadersLanguage(sent.problemSaid) ?? sent.problem ?? 'No known layout.';
  throw new DomainError({ code: 'cli.unreadable', status: 422, detail });
}

function connect(asked: ImportArguments, settings: Settings): ApiClient {
  if (!settings.apiKey) {
    const detail = 'Set QINGNANG_API_KEY to a key made under "API keys" in the console.';
    throw new DomainError({ code: 'cli.no_key', status: 401, detail });
  }
  const address = asked.url ?? settings.publicUrl ?? `http://${settings.host}:${settings.port}`;
  return new ApiClient(address.replace(/\/$/, ''), asked.project, settings.apiKey);
}

/** The source of that name, made on the way if everything about it was said. */
async function findSource(client: ApiClient, asked: ImportArguments): Promise<string> {
  const { items } = await client.get(`sources?perPage=200&q=${encodeURIComponent(asked.source)}`, sourceList);
  const known = items.find((item) => item.name === asked.source);
  if (known) return sameSource(known, asked).id;
  const { licence, allowedUse, deidentified, language, origin } = asked;
  if (!licence || !allowedUse || !deidentified) {
    throw new DomainError({
      code: 'cli.no_source',
      status: 422,
      detail: `There is no source “${asked.source}” yet; say --licence, --allowed-use and --deidentified to make it.`,
    });
  }
  const body = { name: asked.source, licence, allowedUse, deidentified: deidentified === 'yes', language, origin };
  return (await client.post('sources', body, source)).id;
}

/** What was said of a source that exists must be so: a test set must not slip in under a source that may be trained on. */
function sameSource(known: Source, asked: ImportArguments): Source {
  const uses = (list: readonly string[]): string => [...new Set(list)].sort().join(',');
  const differs = [
    ...(asked.licence && asked.licence !== known.licence ? [`--licence ${known.licence}`] : []),
    ...(asked.allowedUse && uses(asked.allowedUse) !== uses(known.allowedUse)
      ? [`--allowed-use ${known.allowedUse.join(',')}`]
      : []),
    ...(asked.deidentified && (asked.deidentified === 'yes') !== known.deidentified
      ? [`--deidentified ${known.deidentified ? 'yes' : 'no'}`]
      : []),
  ];
  if (differs.length === 0) return known;
  throw new DomainError({
    code: 'cli.source_differs',
    status: 422,
    detail: `The source “${known.name}” exists with ${differs.join(' ')}; say the same, change it in the console, or name another.`,
  });
}

function describe(plan: ReadPlan, { header, rowCounters, rows }: LayoutDetection): string {
  const columns = Object.entries(plan.mapping).map(([field, column]) => `${field} = ${column}`);
  return [
    `layout    ${plan.layout} (${plan.container}, ${plan.encoding}${plan.noHeader ? ', first line is data' : ''})`,
    `columns   ${header.join(', ')}`,
    `mapping   ${columns.join(', ') || 'none'}`,
    ...(rowCounters ?? []).map((name) => `note      ${name} may count rows, and is not taken as their id`),
    ...(plan.layout === 'qa_columns' && !plan.mapping.answer
      ? [`warning   no column for the answer: all ${countOf(rows)} will be questions only`]
      : []),
  ].join('\n');
}

function countOf(rows: LayoutDetection['rows']): string {
  if (!rows) return 'rows';
  return rows.exact ? String(rows.count) : `about ${rows.count}`;
}

async function confirmed(): Promise<boolean> {
  if (!process.stdin.isTTY) {
    process.stderr.write('Nobody is here to confirm this: add --yes to take it as it is, or --map to change it.\n');
    return false;
  }
  const lines = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await lines.question('Read it like this? [y/N] ');
  lines.close();
  return /^y/i.test(answer.trim());
}

async function follow(client: ApiClient, job: ImportJob): Promise<ImportJob> {
  let now = job;
  while (now.state === 'queued' || now.state === 'running') {
    await pause(500);
    now = await client.get(`imports/${job.id}`, importJob);
  }
  return now;
}

function report(job: ImportJob): number {
  const counted = (counts: Record<string, number>): string =>
    Object.entries(counts)
      .map(([name, count]) => `${name} ${count}`)
      .join(', ');
  const reasons = counted(job.reasons);
  const notes = counted(job.notes);
  process.stdout.write(
    `${job.state}: ${job.read} read, ${job.accepted} accepted, ${job.replaced} replaced, ${job.duplicate} duplicate, ${job.rejected} rejected` +
      `${reasons === '' ? '' : ` (${reasons})`}\n${notes === '' ? '' : `notes: ${notes}\n`}`,
  );
  if (job.endedApprovals > 0) {
    process.stdout.write(
      `${job.endedApprovals} records were approved until their words were replaced: see the import in the console.\n`,
    );
  }
  if (job.failure) process.stderr.write(`${inReadersLanguage(job.failureSaid) ?? job.failure}\n`);
  return job.state === 'done' ? 0 : 1;
}
