import { z } from 'zod';
import { fencingToken } from './work.js';

/** Asks the model once more for one of the doctor's turns, while the person waits. */
export const polishAgain = z.object({ fencingToken, n: z.int().min(0) }).meta({ id: 'PolishAgain' });
export type PolishAgain = z.infer<typeof polishAgain>;

/** `callId` goes with the answer that used these words, so that their origin stays known. */
export const polishedAgain = z
  .object({ callId: z.uuid(), text: z.string(), rehearsal: z.boolean() })
  .meta({ id: 'PolishedAgain' });
export type PolishedAgain = z.infer<typeof polishedAgain>;
