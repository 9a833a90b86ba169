import { z } from 'zod';

/** Settings of an evaluation's jobs: which evaluation, and whether an entrant answers or a judge compares. */
export const stageSettings = z.discriminatedUnion('stage', [
  z.object({ stage: z.literal('answer'), evaluationId: z.uuid(), entrantId: z.uuid() }),
  z.object({ stage: z.literal('verdict'), evaluationId: z.uuid(), judgeId: z.uuid() }),
]);
export type StageSettings = z.infer<typeof stageSettings>;
