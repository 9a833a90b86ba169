import { z } from 'zod';
import { language } from '../vocabulary.js';
import { createLlmJobBody } from './llm-jobs.js';

/** `triplets`: one model sets tasks, another answers them. `dialogues`: two models play patient and doctor over one background. */
export const distilKind = z.enum(['triplets', 'dialogues']);
export type DistilKind = z.infer<typeof distilKind>;

/** Who is asked in each kind, in the order of its stages. */
export const distilRoles = { triplets: ['instruct', 'answer'], dialogues: ['patient', 'doctor'] } as const;
export type DistilRoleName = (typeof distilRoles)[DistilKind][number];

export const distilSettings = z.object({
  kind: distilKind,
  /** Records wanted. */
  count: z.int().min(1).max(10_000).default(20),
  language: language.default('zh'),
  /** Empty: of every department in turn. */
  department: z.string().trim().max(60).default(''),
  /** Replies of the doctor in one dialogue, at most. */
  rounds: z.int().min(1).max(10).default(3),
});
export type DistilSettings = z.infer<typeof distilSettings>;

const distilRole = z.object({
  role: z.enum(['instruct', 'answer', 'patient', 'doctor']),
  providerId: z.uuid(),
  model: z.string().min(1).max(200),
});

export const createDistilJobBody = z
  .object({
    purpose: z.literal('distil'),
    name: z.string().trim().min(1).max(200),
    settings: distilSettings,
    roles: z.array(distilRole).length(2),
    /** Hard stop, in the providers' currency. */
    budgetLimit: z.number().positive().max(10_000_000).nullable().default(null),
  })
  .refine(
    ({ settings, roles }) => distilRoles[settings.kind].every((name) => roles.some(({ role }) => role === name)),
    { path: ['roles'], message: 'name a model for each of the two roles of this kind' },
  )
  .meta({ id: 'CreateDistilJob' });
export type CreateDistilJobBody = z.infer<typeof createDistilJobBody>;

/** A model job that people start. */
export const newLlmJobBody = z.discriminatedUnion('purpose', [createLlmJobBody, createDistilJobBody]);
export type NewLlmJobBody = z.infer<typeof newLlmJobBody>;
