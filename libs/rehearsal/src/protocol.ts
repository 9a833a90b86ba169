import { z } from 'zod';
import { spokenTurn } from '@qingnang/llm';

/** The patient knows the case. Says goodbye after `rounds` own turns (3), or never while `endless`. */
export const patientMaterial = z.object({
  case: z.string().min(1),
  turns: z.array(spokenTurn),
  rounds: z.int().min(1).max(20).default(3),
  endless: z.boolean().default(false),
});
/** The words that end a dialogue of two models. */
export const GOODBYE = /再见|\bgoodbye\b/iu;

/** With `diagnosis` the doctor asks first and ends there (two-role dialogues); without, the question is answered. */
export const doctorMaterial = z.object({
  department: z.string().nullish(),
  case: z.string().nullish(),
  diagnosis: z.string().nullish(),
  turns: z.array(spokenTurn).min(1),
});

/** Asks for different tasks one could give a medical model; 20 unless told. */
export const instructMaterial = z.object({
  department: z.string().nullish(),
  role: z.string().nullish(),
  language: z.enum(['zh', 'en']).default('zh'),
  count: z.int().min(1).max(50).default(20),
});
export const instructAnswer = z.object({
  triplets: z.array(z.object({ role: z.string(), instruction: z.string(), input: z.string() })),
});

export const classifyMaterial = z.object({ turns: z.array(spokenTurn).min(1) });
export const classifyAnswer = z.object({ department: z.string(), intent: z.string() });

export type PatientMaterial = z.infer<typeof patientMaterial>;
export type DoctorMaterial = z.infer<typeof doctorMaterial>;
export type InstructMaterial = z.infer<typeof instructMaterial>;
export type InstructAnswer = z.infer<typeof instructAnswer>;
export type ClassifyAnswer = z.infer<typeof classifyAnswer>;
