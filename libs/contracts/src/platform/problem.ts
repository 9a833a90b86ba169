import { z } from 'zod';

/** One input at fault: `field` is a JSON pointer into the body, or the name of a query parameter. */
export const fieldProblem = z.object({ field: z.string(), detail: z.string() });
export type FieldProblem = z.infer<typeof fieldProblem>;

/** RFC 9457 problem details, the shape of every refusal. `code` is stable; `detail` says what to do. */
export const problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    code: z.string(),
    detail: z.string(),
    /** The first input at fault. */
    field: z.string().optional(),
    errors: z.array(fieldProblem).optional(),
    /** Facts for programs: ids, counts, limits. Never anybody's words. */
    details: z.record(z.string(), z.unknown()).optional(),
    requestId: z.string().optional(),
  })
  .meta({ id: 'Problem' });
export type Problem = z.infer<typeof problem>;
