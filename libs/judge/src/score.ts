import { z } from 'zod';
import type { PlainTurn, RubricDimension } from '@qingnang/contracts';
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
import { rubricText, rubricTotal } from './rubric.js';

/** What the judge is shown: the dialogue up to the question, the doctor's answer, the candidates in one order. */
export interface ScoreSubject {
  turns: readonly PlainTurn[];
  reference: string | null;
  /** Texts in the order shown. */
  candidates: readonly string[];
}

export interface CandidateScore {
  /** By dimension. */
  scores: Record<string, number>;
  total: number;
  reason: string;
}

const OUTPUT_BASE = 200;
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

/** How a judge's scores are read. */
export function scoreForm(dimensions: readonly RubricDimension[], count: number): AnswerForm<CandidateScore[]> {
  return {
    read: (answer) => readScores(answer, dimensions, count),
    words: (scores) => judgesWords(scores.map(({ reason }) => reason).join('\n')),
  };
}

/**
 * Points for each of `count` candidates, in the order shown. Each must come back exactly once, with a number within the
 * scale for every dimension.
 * @throws UnparsableAnswerError
 */
export function readScores(answer: string, dimensions: readonly RubricDimension[], count: number): CandidateScore[] {
  const points = Object.fromEntries(dimensions.map(({ key, min, max }) => [key, z.number().min(min).max(max)]));
  const row = z.object({ id: z.string(), reason: z.string().default(''), ...points });
  const { scores: rows } = readJsonAnswer(answer, z.object({ scores: z.array(row) }));
  const byLabel = new Map(rows.map((found) => [found.id.trim().toUpperCase(), found as Record<string, unknown>]));
  if (rows.length !== count || byLabel.size !== count) {
    throw new UnparsableAnswerError(`The answer scores ${byLabel.size} candidates where ${count} were shown.`);
  }
  return Array.from({ length: count }, (_, i) => {
    const found = byLabel.get(candidateLabel(i));
    if (!found) throw new UnparsableAnswerError(`The answer leaves out candidate ${candidateLabel(i)}.`);
    const scores = Object.fromEntries(dimensions.map(({ key }) => [key, found[key] as number]));
    return { scores, total: rubricTotal(dimensions, scores), reason: String(found.reason).slice(0, REASON_LIMIT) };
  });
}
