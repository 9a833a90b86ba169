import { z } from 'zod';
import { listOf, listQuery } from '../platform/lists.js';
import { runInputView, trainedElsewhere } from './runs.js';
import { runMethod } from '../files/run-files.js';

const when = z.iso.datetime({ offset: true });

/** A model answering over HTTP: a child process of a worker. */
export const modelServerView = z
  .object({
    state: z.enum(['starting', 'ready', 'stopped', 'failed']),
    failure: z.string().nullable(),
    wantedUntil: when,
    providerId: z.uuid().nullable(),
  })
  .meta({ id: 'ModelServer' });
export type ModelServerView = z.infer<typeof modelServerView>;

export const modelView = z
  .object({
    id: z.uuid(),
    name: z.string(),
    stage: runMethod,
    runId: z.uuid().nullable(),
    /** SHA-256 of model.safetensors. */
    weightsHash: z.string(),
    contextTokens: z.int(),
    /** Learnt, directly or through a parent, from rehearsal text. */
    rehearsal: z.boolean(),
    state: z.enum(['registered', 'withdrawn']),
    /** The provider that answers with it; none for reward models, which do not speak. */
    providerId: z.uuid().nullable(),
    server: modelServerView.nullable(),
    createdAt: when,
  })
  .meta({ id: 'Model' });
export type ModelView = z.infer<typeof modelView>;

export const modelDetail = modelView
  .extend({
    /** What its run read. */
    inputs: z.array(runInputView),
    /** Models trained from it. */
    children: z.array(z.object({ id: z.uuid(), name: z.string(), stage: runMethod })),
    /** Every model and snapshot it descends from, nearest first. */
    lineage: z.array(z.object({ depth: z.int(), kind: z.enum(['snapshot', 'model']), id: z.uuid(), name: z.string() })),
    figures: z.record(z.string(), z.number()),
    trainedElsewhere: trainedElsewhere.nullable(),
  })
  .meta({ id: 'ModelDetail' });
export type ModelDetail = z.infer<typeof modelDetail>;

export const modelList = listOf(modelView).meta({ id: 'ModelList' });
export const modelQuery = listQuery({ sort: ['createdAt', 'name'] }).extend({
  stage: runMethod.optional(),
  /** Only models that speak (sft and ppo). */
  speaks: z.stringbool().optional(),
});
export type ModelQuery = z.infer<typeof modelQuery>;

/** Asking again keeps the server alive. */
export const wantServer = z.object({ minutes: z.int().min(1).max(720).default(15) }).meta({ id: 'WantServer' });
export type WantServer = z.infer<typeof wantServer>;
