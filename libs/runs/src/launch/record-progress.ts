import { join } from 'node:path';
import type { DataSource } from 'typeorm';
import type { Queryable } from '@qingnang/database';
import { uuidv7 } from '@qingnang/kernel';
import { storeMetrics } from '../metrics/store-metrics.js';
import type { ClaimedRun } from './claim-run.js';
import { hashWeights } from './file-hashes.js';
import { checkpointSteps, folderBytes, readFolderConfig, readMetrics } from './run-files.js';

type TrainedRun = Pick<ClaimedRun, 'id' | 'projectId' | 'folder' | 'attempt'>;

/** Enters checkpoints not known yet. A step written again with other weights, after a lost attempt, is entered again. */
export async function recordCheckpoints(db: Queryable, run: TrainedRun, dataDir: string): Promise<void> {
  const folder = join(dataDir, run.folder);
  const known = await db.query<{ step: number; attempt: number; hash: string }[]>(
    'select step, attempt, weights_hash as hash from checkpoint where run_id = $1 order by attempt',
    [run.id],
  );
  for (const step of await checkpointSteps(folder)) {
    const before = known.findLast((each) => each.step === step);
    if (before?.attempt === run.attempt) continue;
    const path = join(folder, 'checkpoints', `step-${step}`);
    const hash = await hashWeights(path).catch(() => null);
    if (hash === null || before?.hash === hash) continue;
    await db.query(
      `insert into checkpoint (id, project_id, run_id, attempt, step, folder, weights_hash, bytes)
       values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (run_id, attempt, step) do nothing`,
      [
        uuidv7(),
        run.projectId,
        run.id,
        run.attempt,
        step,
        `${run.folder}/checkpoints/step-${step}`,
        hash,
        await folderBytes(path),
      ],
    );
  }
}

/** Enters the points of `metrics.jsonl` that did not come over HTTP. */
export async function recordMetrics(dataSource: DataSource, run: ClaimedRun, dataDir: string): Promise<void> {
  for await (const points of readMetrics(join(dataDir, run.folder))) await storeMetrics(dataSource, run, points);
}

/** From which step the attempt went on, once the trainer has said so. */
export async function recordResumePoint(dataSource: DataSource, run: ClaimedRun, dataDir: string): Promise<boolean> {
  const config = await readFolderConfig(join(dataDir, run.folder));
  const mine = config?.attempts.find((each) => each.attempt === run.attempt);
  if (!mine) return false;
  await dataSource.query('update run_attempt set resumed_from_step = $2 where id = $1', [
    run.attemptId,
    mine.resumed_from,
  ]);
  return true;
}
