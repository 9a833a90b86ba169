/**
 * How prompts and the rehearsal model talk. Prompt templates are written to fit this page; real models need no more
 * than the words of the template, since the form is plain JSON. Material and answer of a task are schemas of the library
 * that asks: `wire.ts` of polish and judge, the rest in `rehearsal`.
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

/** Stands on every answer of the rehearsal model, so that nothing it said passes for a real model's. */
export const REHEARSAL_HEADER = 'x-qingnang-rehearsal';
