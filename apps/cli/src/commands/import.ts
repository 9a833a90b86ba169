import { createReadStream } from 'node:fs';
import { access, constants } from 'node:fs/promises';
import { basename } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { loadSettings, type Settings } from '@qingnang/config';
import { importJob, type ImportJob, type ReadPlan, type Source, source, sourceList, upload } from '@qingnang/contracts';
import { DomainError } from '@qingnang/kernel';
import { ApiClient } from '../client/api-client.js';
import { type ImportArguments, importUsage, readImportArguments } from '../client/import-arguments.js';

/** Sends a file, shows how it would be read, and follows the import to its end. Exit code 1 if it fails. */
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
  const name = encodeURIComponent(basename(asked.file));
  const uploaded = await client.upload(`uploads?fileName=${name}`, createReadStream(asked.file), upload);
  if (!uploaded.detection) {
    throw new DomainError({ code: 'cli.unreadable', status: 422, detail: uploaded.problem ?? 'No known layout.' });
  }
  const { header, sampleRows: _, ...proposed } = uploaded.detection;
  const plan: ReadPlan = { ...proposed, mapping: { ...proposed.mapping, ...asked.mapping } };
  process.stdout.write(`${describe(plan, header)}\n`);
  if (!asked.yes && !(await confirmed())) return 1;
  const made = await client.post(
    'imports',
    { uploadId: uploaded.id, sourceId, dataSet: asked.dataSet, plan },
    importJob,
  );
  return report(await follow(client, made));
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

function describe(plan: ReadPlan, header: readonly string[]): string {
  const columns = Object.entries(plan.mapping).map(([field, column]) => `${field} = ${column}`);
  return [
    `layout    ${plan.layout} (${plan.container}, ${plan.encoding})`,
    `columns   ${header.join(', ')}`,
    `mapping   ${columns.join(', ') || 'none'}`,
  ].join('\n');
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
  const reasons = Object.entries(job.reasons).map(([reason, count]) => `${reason} ${count}`);
  process.stdout.write(
    `${job.state}: ${job.read} read, ${job.accepted} accepted, ${job.duplicate} duplicate, ${job.rejected} rejected` +
      `${reasons.length > 0 ? ` (${reasons.join(', ')})` : ''}\n`,
  );
  if (job.failure) process.stderr.write(`${job.failure}\n`);
  return job.state === 'done' ? 0 : 1;
}
