import { z } from 'zod';
import { defineJob } from '@qingnang/queue';

/** Works through a job's items. Several lanes of one job may run at once, in any processes. */
export const llmRunJob = defineJob(
  'llm.job.run',
  z.object({ jobId: z.uuid(), projectId: z.uuid(), lane: z.int().min(0) }),
  {
    // A killed worker costs the lane an attempt, and says nothing against the lane.
    maxAttempts: 1_000,
    keyOf: ({ jobId, lane }) => `llm.job.run:${jobId}:${lane}`,
    // The first lane is enough to finish, and begins what the others go on with.
    unfinished: `select jsonb_build_object('jobId', j.id, 'projectId', j.project_id, 'lane', 0) from llm_job j
      where j.state = 'running' or j.state = 'cancelled' and exists (
        select from llm_item i where i.job_id = j.id and i.state in ('in_flight', 'answered'))`,
  },
);
