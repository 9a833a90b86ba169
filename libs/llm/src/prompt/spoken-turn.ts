import { z } from 'zod';

/** A turn of a dialogue as prompts carry it. */
export const spokenTurn = z.object({ role: z.enum(['system', 'patient', 'doctor']), text: z.string() });
export type SpokenTurn = z.infer<typeof spokenTurn>;
