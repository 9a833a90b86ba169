import { z } from 'zod';
import { listOf, listQuery } from '../platform/lists.js';
import { chatMessage } from '../files/snapshot-files.js';

const when = z.iso.datetime({ offset: true });

/** A question as given: one line of a patient, or a whole dialogue that ends on the patient. */
export const suiteQuestion = z.object({
  messages: z
    .array(chatMessage.extend({ content: z.string().min(1).max(20_000) }))
    .min(1)
    .max(100)
    .refine((messages) => messages.at(-1)?.role === 'user', 'must end on a user message'),
  reference: z.string().max(20_000).nullable().default(null),
  department: z.string().max(60).nullable().default(null),
  category: z.string().max(60).nullable().default(null),
});
export type SuiteQuestion = z.infer<typeof suiteQuestion>;

export const createSuite = z
  .object({
    name: z.string().trim().min(1).max(100),
    questions: z.array(suiteQuestion).min(1).max(1000).optional(),
    /** Instead of questions: as many as wanted of a frozen snapshot's held-out prompts, drawn by the seed. */
    fromSnapshot: z
      .object({
        snapshotId: z.uuid(),
        split: z.enum(['validation', 'test']).default('test'),
        count: z.int().min(1).max(1000).default(10),
        seed: z.int().min(0).default(1),
      })
      .optional(),
  })
  .refine(({ questions, fromSnapshot }) => (questions === undefined) !== (fromSnapshot === undefined), {
    path: ['questions'],
    message: 'give either questions or a snapshot to draw them from',
  })
  .meta({ id: 'CreateSuite' });
export type CreateSuite = z.infer<typeof createSuite>;

export const suiteView = z
  .object({
    id: z.uuid(),
    name: z.string(),
    version: z.int(),
    state: z.enum(['draft', 'frozen']),
    items: z.int(),
    createdAt: when,
  })
  .meta({ id: 'Suite' });
export type SuiteView = z.infer<typeof suiteView>;
export const suiteList = listOf(suiteView).meta({ id: 'SuiteList' });
export const suiteQuery = listQuery({ sort: ['createdAt', 'name'] }).extend({
  state: z.enum(['draft', 'frozen']).optional(),
});
export type SuiteQuery = z.infer<typeof suiteQuery>;

export const suiteItemView = z
  .object({
    id: z.uuid(),
    n: z.int(),
    /** Null once erased. */
    messages: z.array(chatMessage).nullable(),
    reference: z.string().nullable(),
    department: z.string().nullable(),
    category: z.string().nullable(),
  })
  .meta({ id: 'SuiteItem' });
export type SuiteItemView = z.infer<typeof suiteItemView>;
export const suiteItemList = listOf(suiteItemView).meta({ id: 'SuiteItemList' });
export const suiteItemQuery = listQuery({ sort: ['n'], order: 'asc' });
export type SuiteItemQuery = z.infer<typeof suiteItemQuery>;
