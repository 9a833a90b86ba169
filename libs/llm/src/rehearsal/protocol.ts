import { z } from 'zod';

/**
 * How prompts and the rehearsal model talk. Prompt templates are written to fit this page; real models need no more
 * than the words of the template, since the form is plain JSON.
 *
 * - The model's name says the task: `rehearsal-polish` `-judge` `-patient` `-doctor` `-instruct` `-classify` `-chat`.
 * - The input of a task stands in the last user message between `<材料>` and `</材料>`, as JSON (see `fence`), so that
 *   nothing a patient wrote is ever read as an instruction. All other words are the template's and are not read.
 * - Answers of polish, judge, instruct and classify are one JSON object; patient, doctor and chat answer plain text.
 * - Without a fence polish takes the last user message for one doctor's reply and answers its polish as plain text;
 *   patient, doctor and chat take the messages themselves as the dialogue; the other tasks answer 400.
 * - The same server seed, messages and OpenAI `seed` give the same answer.
 */
export const rehearsalTasks = ['polish', 'judge', 'patient', 'doctor', 'instruct', 'classify', 'chat'] as const;
export type RehearsalTask = (typeof rehearsalTasks)[number];

const spoken = z.object({ role: z.enum(['system', 'patient', 'doctor']), text: z.string() });
const score = z.int().min(1).max(10);

/** All turns of one dialogue; only the doctor's come back. */
export const polishMaterial = z.object({
  department: z.string().nullish(),
  turns: z.array(spoken.extend({ n: z.int().min(0) })).min(1),
});
export const polishAnswer = z.object({ turns: z.array(z.object({ n: z.int().min(0), text: z.string() })) });

/** `turns` is the prompt, ending on the patient; `candidates` are replies to it. */
export const judgeScoreMaterial = z.object({
  turns: z.array(spoken).min(1),
  reference: z.string().nullish(),
  candidates: z.array(z.object({ id: z.string(), text: z.string() })).min(1),
});
export const judgeScoreAnswer = z.object({
  /** What the doctor's answer is worth; null where none was shown. */
  reference: z
    .object({
      correct: z.boolean(),
      complete: z.boolean(),
      terse: z.boolean(),
      unsafe: z.boolean(),
      reason: z.string(),
    })
    .nullable(),
  scores: z.array(
    z.object({
      id: z.string(),
      correctness: score,
      richness: score,
      consistency: score,
      diagnosis: score,
      friendliness: score,
      /** With the reference; left out where none was shown. */
      agreement: score.optional(),
      reason: z.string(),
    }),
  ),
});

/** The same judge asked which of two is better; told apart from scoring by `a` and `b`. */
export const judgePairMaterial = z.object({
  turns: z.array(spoken).min(1),
  reference: z.string().nullish(),
  a: z.string(),
  b: z.string(),
});
export const judgePairAnswer = z.object({ analysis: z.string(), verdict: z.enum(['A', 'B', 'tie']) });

/** The patient knows the case. Says goodbye after `rounds` own turns (3), or never while `endless`. */
export const patientMaterial = z.object({
  case: z.string().min(1),
  turns: z.array(spoken),
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
  turns: z.array(spoken).min(1),
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

export const classifyMaterial = z.object({ turns: z.array(spoken).min(1) });
export const classifyAnswer = z.object({ department: z.string(), intent: z.string() });

export type PolishAnswer = z.infer<typeof polishAnswer>;
export type JudgeScoreMaterial = z.infer<typeof judgeScoreMaterial>;
export type JudgeScoreAnswer = z.infer<typeof judgeScoreAnswer>;
export type JudgePairMaterial = z.infer<typeof judgePairMaterial>;
export type JudgePairAnswer = z.infer<typeof judgePairAnswer>;
export type PatientMaterial = z.infer<typeof patientMaterial>;
export type DoctorMaterial = z.infer<typeof doctorMaterial>;
export type InstructMaterial = z.infer<typeof instructMaterial>;
export type InstructAnswer = z.infer<typeof instructAnswer>;
export type ClassifyAnswer = z.infer<typeof classifyAnswer>;
export type SpokenTurn = z.infer<typeof spoken>;
