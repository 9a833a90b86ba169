import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunInputFile, RunInputRole, RunJob, SnapshotManifest } from '@qingnang/contracts';
import type { Queryable } from '@qingnang/database';
import { DomainError, notFound } from '@qingnang/kernel';
import { hashFile, hashWeights } from '../launch/run-files.js';

interface InputRow {
  role: RunInputRole;
  digest: string;
  snapshotId: string | null;
  name: string;
  version: number | null;
  folder: string | null;
  state: string;
  manifest: SnapshotManifest | null;
}

/** What a checkpoint keeps for going on with its own run; whoever starts from the model has no use for it. */
const OF_ITS_RUN = ['optimizer.safetensors', 'training_state.json'];
const MANIFEST = 'manifest.json';

/** Everything a run reads, file by file. The KL reference is the policy again and is not listed twice. */
export async function listInputs(db: Queryable, runId: string, dataDir: string): Promise<RunJob['inputs']> {
  const rows = await readRows(db, runId, null);
  return Promise.all(
    rows.map(async (row) => ({
      role: row.role,
      kind: row.snapshotId === null ? 'model' : 'snapshot',
      name: row.name,
      version: row.version,
      digest: row.digest,
      files: await filesOf(row, dataDir),
    })),
  );
}

/**
 * The place of one file of an input.
 * @throws DomainError 404; `run.input_withdrawn` (410); `run.input_changed` (409)
 */
export async function findInputFile(
  db: Queryable,
  runId: string,
  role: string,
  name: string,
  dataDir: string,
): Promise<RunInputFile & { place: string }> {
  const [row] = await readRows(db, runId, role);
  if (!row) throw notFound('input', role);
  const file = (await filesOf(row, dataDir)).find(({ path }) => path === name);
  if (!file) throw notFound('file', name);
  return { ...file, place: join(dataDir, row.folder!, name) };
}

function readRows(db: Queryable, runId: string, role: string | null): Promise<InputRow[]> {
  return db.query<InputRow[]>(
    `select i.role, i.digest, i.snapshot_id as "snapshotId", coalesce(s.name, m.name) as name, s.version,
       coalesce(s.folder, m.folder) as folder, coalesce(s.state, m.state) as state, s.manifest
     from run_input i left join snapshot s on s.id = i.snapshot_id left join model m on m.id = i.model_id
     where i.run_id = $1 and i.role <> 'reference' and ($2::text is null or i.role = $2) order by i.role`,
    [runId, role],
  );
}

async function filesOf(row: InputRow, dataDir: string): Promise<RunInputFile[]> {
  if (row.state === 'withdrawn' || row.folder === null) {
    throw new DomainError({
      code: 'run.input_withdrawn',
      status: 410,
      detail: `The ${row.role} input has been withdrawn since the run was made: start a run with its successor.`,
      details: { role: row.role },
    });
  }
  const folder = join(dataDir, row.folder);
  try {
    return row.manifest ? await snapshotFiles(folder, row.manifest, row) : await modelFiles(folder, row);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw changed(row);
  }
}

async function snapshotFiles(folder: string, manifest: SnapshotManifest, row: InputRow): Promise<RunInputFile[]> {
  const sized = async (path: string, sha256: string): Promise<RunInputFile> => {
    const { size } = await stat(join(folder, path));
    return { path, bytes: size, sha256 };
  };
  if ((await hashFile(join(folder, MANIFEST))) !== row.digest) throw changed(row);
  return Promise.all([sized(MANIFEST, row.digest), ...manifest.files.map(({ path, sha256 }) => sized(path, sha256))]);
}

async function modelFiles(folder: string, row: InputRow): Promise<RunInputFile[]> {
  if ((await hashWeights(folder)) !== row.digest) throw changed(row);
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isFile() && !OF_ITS_RUN.includes(entry.name)).map(({ name }) => name);
  return Promise.all(
    names.sort().map(async (path) => {
      const { size, mtimeMs } = await stat(join(folder, path));
      return { path, bytes: size, sha256: await rememberedHash(join(folder, path), `${size} ${mtimeMs}`) };
    }),
  );
}

/** Files of a model do not change; one hash of gigabytes is enough. */
const hashes = new Map<string, { stamp: string; sha256: string }>();

async function rememberedHash(path: string, stamp: string): Promise<string> {
  const known = hashes.get(path);
  if (known?.stamp === stamp) return known.sha256;
  const sha256 = await hashFile(path);
  hashes.set(path, { stamp, sha256 });
  return sha256;
}

function changed({ role }: InputRow): DomainError {
  return new DomainError({
    code: 'run.input_changed',
    status: 409,
    detail: `The files of the ${role} input are not those this run was made with: restore them, or start a new run.`,
    details: { role },
  });
}
