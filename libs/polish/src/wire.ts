import { z } from 'zod';
import { spokenTurn } from '@qingnang/llm';

/** All turns of one dialogue; only the doctor's come back. */
export const polishMaterial = z.object({
  department: z.string().nullish(),
  turns: z.array(spokenTurn.extend({ n: z.int().min(0) })).min(1),
});
export const polishAnswer = z.object({ turns: z.array(z.object({ n: z.int().min(0), text: z.string() })) });
export type PolishAnswer = z.infer<typeof polishAnswer>;
