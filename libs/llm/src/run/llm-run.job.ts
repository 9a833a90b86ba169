import { z } from 'zod';
import { defineJob } from '@qingnang/queue';

/** Works through a job's items. Several lanes of one job may run at once, in any processes. */
export const llmRunJob = defineJob(
  'llm.job.run',
  z.object({ jobId: z.uuid(), projectId: z.uuid(), lane: z.int().min(0) }),
  // A killed worker costs the lane an attempt, and says nothing against the lane.
  { maxAttempts: 1_000 },
);

export function laneKey(jobId: string, lane: number): string {
  return `llm.job.run:${jobId}:${lane}`;
}
