// One import in one process: `node import.child.mjs BUILD FOLDER FILE`, by the importer that stands built in BUILD.
// Prints what it took as one line of JSON. Written for the importers of today and of commit 8f997d5.
import { createReadStream, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const [build, folder, file] = process.argv.slice(2);
const load = (path) => import(pathToFileURL(join(build, path, 'index.js')).href);

const { startEmbeddedPostgres, createDataSource, migrateDatabase } = await load('libs/database/src');
const { corpusEntities, ImportRunner } = await load('libs/corpus/src');
const { migrateQueue, ONLY_ATTEMPT } = await load('libs/queue/src');
const { uuidv7 } = await load('libs/kernel/src');
const { migrations } = await load('migrations');

const TICKS = 100;

/** Fields of /proc/PID/stat from the state on: parent at 1, times at 11 to 14. */
function statOf(pid) {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
  } catch {
    return null;
  }
}

/** User and system seconds of a process and its children, ended ones included. */
function cpuSeconds(pid) {
  const own = (statOf(pid) ?? []).slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0) / TICKS;
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const children = pids.filter((other) => Number(statOf(other)?.[1]) === pid);
  return own + children.reduce((sum, child) => sum + cpuSeconds(Number(child)), 0);
}

const postgres = await startEmbeddedPostgres({ dataDir: folder, logFile: join(folder, 'postgres.log') });
await migrateDatabase(postgres.url, migrations);
await migrateQueue(postgres.url);
const dataSource = await createDataSource({ url: postgres.url, entities: corpusEntities, poolSize: 5 }).initialize();

const [projectId, sourceId, uploadId, importId] = [uuidv7(), uuidv7(), uuidv7(), uuidv7()];
const insert = (table, row) =>
  dataSource.query(
    `insert into ${table} (${Object.keys(row).join(', ')}) values (${Object.keys(row).map((_, i) => `$${i + 1}`)})`,
    Object.values(row),
  );
await insert('project', { id: projectId, slug: 'bench', name: 'bench', split_salt: 'salt' });
const licence = { licence: 'CC0-1.0', allowed_use: ['train', 'evaluate'], deidentified: true };
await insert('source', { id: sourceId, project_id: projectId, name: 'bench', ...licence });
const names = { file_name: 'rows.jsonl', bytes: '1', sha256: uploadId, blob_key: uploadId };
await insert('upload', { id: uploadId, project_id: projectId, ...names });
const plan = { container: 'json', layout: 'alpaca', encoding: 'utf-8', mapping: { id: 'id' } };
const job = { id: importId, project_id: projectId, source_id: sourceId, data_set: 'real_instruction', plan };
const [joined] = await dataSource.query(`select to_regclass('import_file') is not null as joined`);
if (joined.joined) {
  await insert('import', job);
  await insert('import_file', { import_id: importId, project_id: projectId, n: 0, role: 'rows', upload_id: uploadId });
} else await insert('import', { ...job, upload_id: uploadId });

const megabytes = () => Math.round(process.memoryUsage.rss() / 1_048_576);
const sampled = [];
const timer = setInterval(() => sampled.push(megabytes()), 250);
const before = { node: process.cpuUsage(), postgres: cpuSeconds(postgres.pid), at: performance.now() };
const runner = new ImportRunner(dataSource, { get: () => Promise.resolve(createReadStream(file)) });
await runner.run(projectId, importId, ONLY_ATTEMPT ?? new AbortController().signal);
const seconds = (performance.now() - before.at) / 1000;
clearInterval(timer);
const node = process.cpuUsage(before.node);
const [counts] = await dataSource.query(
  `select i.state, i.read_count as read, i.accepted_count as accepted, (select count(*)::int from record) as records,
     (select count(*)::int from occurrence) as occurrences from import i`,
);
const tenth = Math.ceil(sampled.length / 10);
const figures = {
  ...{ ...counts, seconds, rowsPerSecond: counts.read / seconds },
  cpuSeconds: { node: (node.user + node.system) / 1e6, postgres: cpuSeconds(postgres.pid) - before.postgres },
  megabytes: { afterTenth: sampled[tenth] ?? megabytes(), highest: Math.max(megabytes(), ...sampled) },
};
await dataSource.destroy();
await postgres.stop();
process.stdout.write(`${JSON.stringify(figures)}\n`);
process.exit(0);
