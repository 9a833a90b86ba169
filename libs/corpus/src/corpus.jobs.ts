import { z } from 'zod';
import { defineJob } from '@qingnang/queue';

/** Reads an uploaded file into records. */
export const importRunJob = defineJob('import.run', z.object({ projectId: z.uuid(), importId: z.uuid() }));

/** Takes an import back. */
export const importUndoJob = defineJob('import.undo', z.object({ projectId: z.uuid(), importId: z.uuid() }));

/** News for the libraries above: a record's source now says something else, so open work on it must start over. */
export const recordChangedJob = defineJob('record.changed', z.object({ projectId: z.uuid(), recordId: z.uuid() }));
