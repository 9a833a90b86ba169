import { z } from 'zod';
import type { PlainTurn, ReferenceGrade, RubricDimension } from '@qingnang/contracts';
import {
  type AnswerForm,
  fence,
  type LlmRequestBody,
  type PromptVersionEntity,
  readJsonAnswer,
  renderTemplate,
  UnparsableAnswerError,
  type Words,
} from '@qingnang/llm';
import { type GradedReference, gradedReference, gradeOf, referenceWeights } from './reference-grade.js';
import { AGREEMENT, agreementScale, rubricText, rubricTotal } from './rubric.js';

/** What the judge is shown: the dialogue up to the question, the doctor's answer, the candidates in one order. */
export interface ScoreSubject {
  turns: readonly PlainTurn[];
  reference: string | null;
  /** Texts in the order shown. */
  candidates: readonly string[];
}

export interface CandidateScore {
  /** By dimension, and the agreement with the reference where one was graded. */
  scores: Record<string, number>;
  total: number;
  reason: string;
}

const OUTPUT_BASE = 280;
const OUTPUT_EACH = 200;
const REASON_LIMIT = 1000;

/** Names a candidate by its place, so that neither model nor id can sway the judge. */
export const candidateLabel = (index: number): string => String.fromCharCode(65 + index);

/** The question to the judge. Everything people and models wrote stands inside the fence. */
export function scoreRequest(
  prompt: PromptVersionEntity,
  dimensions: readonly RubricDimension[],
  subject: ScoreSubject,
): LlmRequestBody {
  const values = {
    rubric: rubricText(dimensions),
    material: fence({
      turns: subject.turns.map(({ role, text }) => ({ role, text })),
      reference: subject.reference,
      candidates: subject.candidates.map((text, i) => ({ id: candidateLabel(i), text })),
    }),
  };
  const system = renderTemplate(prompt.systemText, values).trim();
  return {
    messages: [
      ...(system === '' ? [] : [{ role: 'system' as const, content: system }]),
      { role: 'user', content: renderTemplate(prompt.userText, values) },
    ],
    settings: {
      temperature: prompt.settings.temperature ?? 0,
      maxOutputTokens: prompt.settings.maxOutputTokens ?? OUTPUT_BASE + OUTPUT_EACH * subject.candidates.length,
      json: true,
    },
  };
}

/** A judge speaks of answers, and quotes those that refused: that is no refusal of its own. */
const ABOUT_ANSWERS =
  /候选|选手|答案|答复|回复|两者|[ab](?:的|更|只|直接|没|未|和|与|[:：,，、 ])|\b(?:answer|response|candidate|reply)\b/iu;

/** Where a judge's own words lie in a reason it gave. */
export function judgesWords(reason: string): Words[] {
  return ABOUT_ANSWERS.test(reason) ? [] : [{ text: reason }];
}

/** By what answers are scored. */
export interface ScoreRubric {
  dimensions: readonly RubricDimension[];
  /** Rubrics from before references were graded ask for nothing but scores. */
  gradesReference: boolean;
}

/** What a judge was shown, as far as its answer must fit it. */
export interface Shown {
  candidates: number;
  reference: boolean;
}

/** What a judge said: first of the doctor's answer, then of each candidate in the order shown. */
export interface ReadJudgement {
  reference: { grade: ReferenceGrade; weight: number; reason: string } | null;
  candidates: CandidateScore[];
}

/** How a judge's scores are read. */
export function scoreForm(rubric: ScoreRubric, shown: Shown): AnswerForm<ReadJudgement> {
  return {
    read: (answer) => readScores(answer, rubric, shown),
    words: ({ candidates }) => judgesWords(candidates.map(({ reason }) => reason).join('\n')),
  };
}

/**
 * Points for each candidate, in the order shown. Each must come back exactly once, with a number within the scale for every
 * dimension; where a reference was shown, graded, and with the agreement with it, which weighs what the reference is worth.
 * @throws UnparsableAnswerError
 */
export function readScores(answer: string, rubric: ScoreRubric, shown: Shown): ReadJudgement {
  const asksGrade = rubric.gradesReference && shown.reference;
  const { reference, scores: rows } = readJsonAnswer(answer, answerShape(rubric.dimensions, asksGrade));
  const byLabel = new Map(rows.map((found) => [found.id.trim().toUpperCase(), found as Record<string, unknown>]));
  if (rows.length !== shown.candidates || byLabel.size !== shown.candidates) {
    throw new UnparsableAnswerError(
      `The answer scores ${byLabel.size} candidates where ${shown.candidates} were shown.`,
    );
  }
  const graded = reference ? gradedAs(reference) : null;
  const keys = [...rubric.dimensions.map(({ key }) => key), ...(asksGrade ? [AGREEMENT] : [])];
  const candidates = Array.from({ length: shown.candidates }, (_, i): CandidateScore => {
    const found = byLabel.get(candidateLabel(i));
    if (!found) throw new UnparsableAnswerError(`The answer leaves out candidate ${candidateLabel(i)}.`);
    const scores = Object.fromEntries(keys.map((key) => [key, found[key] as number]));
    const total = rubricTotal(rubric.dimensions, scores, graded?.weight);
    return { scores, total, reason: String(found.reason).slice(0, REASON_LIMIT) };
  });
  return { reference: graded, candidates };
}

function answerShape(dimensions: readonly RubricDimension[], asksGrade: boolean) {
  const scales = [...dimensions, ...(asksGrade ? [{ key: AGREEMENT, ...agreementScale }] : [])];
  const points = Object.fromEntries(scales.map(({ key, min, max }) => [key, z.number().min(min).max(max)]));
  const row = z.object({ id: z.string(), reason: z.string().default(''), ...points });
  // A judge that was shown no reference may still speak of one.
  const reference = asksGrade
    ? gradedReference
    : z
        .unknown()
        .optional()
        .transform(() => null);
  return z.object({ reference, scores: z.array(row) });
}

function gradedAs(reference: GradedReference): ReadJudgement['reference'] {
  const grade = gradeOf(reference);
  return { grade, weight: referenceWeights[grade], reason: reference.reason.slice(0, REASON_LIMIT) };
}
