import type { EntityManager } from 'typeorm';
import { z } from 'zod';
import { defineJob, enqueue } from '@qingnang/queue';

/** Looks for queued runs and works on the oldest; the run named is only why somebody should look now. */
export const runLaunchJob = defineJob('run.launch', z.object({ projectId: z.uuid(), runId: z.uuid() }), {
  maxAttempts: 25,
  keyOf: ({ runId }) => `run.launch:${runId}`,
  // One that is under way is looked after by its attempt's heartbeat.
  unfinished: `select jsonb_build_object('projectId', project_id, 'runId', id) from run where state = 'queued'`,
});

/** Asks some worker to look, now or later; several wishes for one run wait as one. */
export function requestLaunch(tx: EntityManager, projectId: string, runId: string, runAt?: Date): Promise<void> {
  return enqueue(tx, runLaunchJob, { projectId, runId }, runAt === undefined ? {} : { runAt });
}
