import type { EntityManager } from 'typeorm';
import { z } from 'zod';
import { defineJob, enqueue } from '@qingnang/queue';

/** Looks for queued runs and works on the oldest; the run named is only why somebody should look now. */
export const runLaunchJob = defineJob('run.launch', z.object({ projectId: z.uuid(), runId: z.uuid() }), {
  maxAttempts: 25,
});

/** Asks some worker to look, now or later; several wishes for one run wait as one. */
export function requestLaunch(tx: EntityManager, projectId: string, runId: string, runAt?: Date): Promise<void> {
  return enqueue(
    tx,
    runLaunchJob,
    { projectId, runId },
    { key: `run.launch:${runId}`, ...(runAt === undefined ? {} : { runAt }) },
  );
}
