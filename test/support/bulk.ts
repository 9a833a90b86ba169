import type { DataSource } from 'typeorm';
import type { BulkJob } from '@qingnang/contracts';
import { BulkRunner } from '@qingnang/corpus';
import { type JobContext, ONLY_ATTEMPT } from '@qingnang/queue';
import { BulkRunHandler } from '../../apps/worker/src/bulk/bulk-run.handler.js';
import { importDialogues, makeSource } from './corpus.js';

const context: JobContext = { ...ONLY_ATTEMPT, workerId: 'w', attempt: 1 };
/** Of a worker that is stopping: it does one batch. */
const stopping: JobContext = { ...context, signal: AbortSignal.abort() };

/** Does a bulk job as the worker does, to its end or one batch of it. */
export async function runBulk(
  dataSource: DataSource,
  job: { projectId: string; jobId: string },
  { batches }: { batches?: number } = {},
): Promise<void> {
  const handler = new BulkRunHandler(new BulkRunner(dataSource));
  if (batches === undefined) return handler.run(job, context);
  for (let n = 0; n < batches; n++) await handler.run(job, stopping);
}

/** After its last try. */
export function giveUpBulk(dataSource: DataSource, job: { projectId: string; jobId: string }): Promise<void> {
  return new BulkRunHandler(new BulkRunner(dataSource)).gaveUp(job, ONLY_ATTEMPT);
}

/** Records that ask and answer, each in words of its own. */
export async function makeAnswers(
  dataSource: DataSource,
  projectId: string,
  n: number,
  about = '头晕',
): Promise<string[]> {
  const source = await makeSource(dataSource, projectId, { name: `${about} ${n}` });
  const dialogues = Array.from({ length: n }, (_, i) => [
    `第${i}位患者${about}${i}天怎么办`,
    `先休息${i}天，少盐，每天量一次血压，不好请到门诊。`,
  ]);
  return importDialogues(dataSource, source, dialogues);
}

export const countsOf = ({ state, total, seen, done, left, undone, kept }: BulkJob) => ({
  ...{ state, total, seen, done },
  ...{ left, undone, kept },
});
