import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DataSource } from 'typeorm';
import { type Actor, type CreateRun, type SnapshotKind, type SnapshotManifest, systemActor } from '@qingnang/contracts';
import { sha256, uuidv7 } from '@qingnang/kernel';
import { tinyRows, writeSnapshot } from '../../training/testing/tiny-snapshot.js';

/** A run of a second or two: 40 updates of a model of 20 k parameters, a checkpoint every 8. */
export const tinyRunConfig = {
  model: { hidden_size: 32, heads: 2, kv_heads: 2, intermediate_size: 64, vocabulary_size: 400, context_length: 128 },
  batch_size: 4,
  steps: 40,
  evaluate_every: 20,
  checkpoint_every: 8,
  backend: 'wasm',
} satisfies CreateRun['config'];

export function sftRun(data: string, changes: Partial<CreateRun> = {}): CreateRun {
  return {
    name: `run ${uuidv7()}`,
    method: 'sft',
    preset: 'demo-cpu',
    config: tinyRunConfig,
    inputs: { data },
    ...changes,
  };
}

/** Someone who may do everything in a project, for services called without HTTP. */
export function anyActor(projectId: string): Actor {
  return { ...systemActor(projectId), roles: ['admin'] };
}

/** A frozen snapshot with a folder of tiny rows in the data folder, entered as freezing enters it. */
export async function makeSnapshot(
  dataSource: DataSource,
  dataDir: string,
  projectId: string,
  kind: SnapshotKind,
  change: Partial<SnapshotManifest> = {},
): Promise<string> {
  const id = uuidv7();
  const folder = `snapshots/${id}`;
  const splits = { train: tinyRows(kind, 80), validation: tinyRows(kind, 12, 9) };
  await writeSnapshot(join(dataDir, folder), kind, splits, change);
  const manifest = await readFile(join(dataDir, folder, 'manifest.json'), 'utf8');
  await dataSource.query(
    `insert into snapshot (id, project_id, name, version, kind, selection, manifest, digest, folder, state, frozen_at)
     values ($1, $2, $3, 1, $4, '{}', $5, $6, $7, 'frozen', now())`,
    [id, projectId, `${kind} ${id}`, kind, manifest, sha256(manifest), folder],
  );
  return id;
}
