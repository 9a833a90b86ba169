import { z } from 'zod';
import { defineJob } from '@qingnang/queue';

/** Reads an uploaded file into records. */
export const importRunJob = defineJob('import.run', z.object({ projectId: z.uuid(), importId: z.uuid() }), {
  keyOf: ({ importId }) => `import.run:${importId}`,
  unfinished: `select jsonb_build_object('projectId', project_id, 'importId', id) from import
    where state in ('queued', 'running')`,
});

/** Takes an import back. */
export const importUndoJob = defineJob('import.undo', z.object({ projectId: z.uuid(), importId: z.uuid() }), {
  keyOf: ({ importId }) => `import.undo:${importId}`,
  unfinished: `select jsonb_build_object('projectId', project_id, 'importId', import_id) from import_undo
    where ended_at is null`,
});

/** Does something to many records at once, or takes it back. */
export const bulkRunJob = defineJob('bulk.run', z.object({ projectId: z.uuid(), jobId: z.uuid() }), {
  keyOf: ({ jobId }) => `bulk.run:${jobId}`,
  unfinished: `select jsonb_build_object('projectId', project_id, 'jobId', id) from bulk_job
    where state in ('queued', 'running', 'undoing') and ended_at is null`,
});

/**
 * News for the libraries above: a record's source now says something else, so open work on it must start over. Nothing
 * but this job says so, hence many tries.
 */
export const recordChangedJob = defineJob('record.changed', z.object({ projectId: z.uuid(), recordId: z.uuid() }), {
  maxAttempts: 25,
});
