import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunInputFile, RunInputRole, RunJob, SnapshotManifest } from '@qingnang/contracts';
import type { Queryable } from '@qingnang/database';
import { DomainError, notFound } from '@qingnang/kernel';
import { hashFile, hashWeights } from '../launch/file-hashes.js';
import type { ChosenInput } from '../run/choose-inputs.js';

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

/** Everything a run reads, file by file. @throws DomainError those of {@link describeInputs} */
export async function listInputs(db: Queryable, runId: string, dataDir: string): Promise<RunJob['inputs']> {
  return describeInputs(db, await inputsOf(db, runId), dataDir);
}

/**
 * Inputs file by file, also of a run that is still to be made. The KL reference is the policy again and not listed twice.
 * Hashes weights unless they are remembered: never to be called while a row is held.
 * @throws DomainError `run.input_withdrawn` (410), `run.input_changed` (409)
 */
export async function describeInputs(
  db: Queryable,
  inputs: readonly ChosenInput[],
  dataDir: string,
): Promise<RunJob['inputs']> {
  const rows = await readRows(db, inputs);
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
  const own = await inputsOf(db, runId);
  const [row] = await readRows(
    db,
    own.filter((input) => input.role === role),
  );
  if (!row) throw notFound('input', role);
  const file = (await filesOf(row, dataDir)).find(({ path }) => path === name);
  if (!file) throw notFound('file', name);
  return { ...file, place: join(dataDir, row.folder!, name) };
}

function inputsOf(db: Queryable, runId: string): Promise<ChosenInput[]> {
  return db.query<ChosenInput[]>(
    `select role, snapshot_id as "snapshotId", model_id as "modelId", digest from run_input where run_id = $1`,
    [runId],
  );
}

function readRows(db: Queryable, inputs: readonly ChosenInput[]): Promise<InputRow[]> {
  return db.query<InputRow[]>(
    `select i.role, i.digest, i."snapshotId", coalesce(s.name, m.name) as name, s.version,
       coalesce(s.folder, m.folder) as folder, coalesce(s.state, m.state) as state, s.manifest
     from jsonb_to_recordset($1::jsonb) as i(role text, digest text, "snapshotId" uuid, "modelId" uuid)
     left join snapshot s on s.id = i."snapshotId" left join model m on m.id = i."modelId"
     where i.role <> 'reference' order by i.role`,
    [JSON.stringify(inputs)],
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
      const { size } = await stat(join(folder, path));
      return { path, bytes: size, sha256: await hashFile(join(folder, path)) };
    }),
  );
}

function changed({ role }: InputRow): DomainError {
  return new DomainError({
    code: 'run.input_changed',
    status: 409,
    detail: `The files of the ${role} input are not those this run was made with: restore them, or start a new run.`,
    details: { role },
  });
}
