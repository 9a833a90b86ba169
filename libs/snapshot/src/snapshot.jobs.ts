import { z } from 'zod';
import { defineJob } from '@qingnang/queue';

/** Writes a snapshot's items and folder. Killed anywhere, it starts over: nothing is frozen until all of it is. */
export const freezeJob = defineJob('snapshot.freeze', z.object({ projectId: z.uuid(), snapshotId: z.uuid() }), {
  keyOf: ({ snapshotId }) => `snapshot.freeze:${snapshotId}`,
  unfinished: `select jsonb_build_object('projectId', project_id, 'snapshotId', id) from snapshot
    where state in ('draft', 'freezing')`,
});
