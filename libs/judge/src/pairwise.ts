import type { EntityManager } from 'typeorm';
import { z } from 'zod';
import type { PlainTurn } from '@qingnang/contracts';
import {
  type AnswerForm,
  fence,
  latestPromptVersion,
  type LlmRequestBody,
  PromptTemplateService,
  type PromptVersionEntity,
  readJsonAnswer,
  renderTemplate,
} from '@qingnang/llm';
import { pairwisePrompt } from './pairwise-prompt.js';
import { judgesWords } from './score.js';

/** Two answers to one question, in the order the judge sees them. */
export interface PairSubject {
  turns: readonly PlainTurn[];
  reference: string | null;
  first: string;
  second: string;
}

export interface PairVerdict {
  outcome: 'first' | 'second' | 'tie';
  reason: string;
}

const OUTPUT_TOKENS = 400;
const REASON_LIMIT = 1000;

/** The question to the judge. Everything people and models wrote stands inside the fence. */
export function pairRequest(prompt: PromptVersionEntity, subject: PairSubject): LlmRequestBody {
  const material = fence({
    turns: subject.turns.map(({ role, text }) => ({ role, text })),
    reference: subject.reference,
    a: subject.first,
    b: subject.second,
  });
  const system = renderTemplate(prompt.systemText, { material }).trim();
  return {
    messages: [
      ...(system === '' ? [] : [{ role: 'system' as const, content: system }]),
      { role: 'user', content: renderTemplate(prompt.userText, { material }) },
    ],
    settings: {
      temperature: prompt.settings.temperature ?? 0,
      maxOutputTokens: prompt.settings.maxOutputTokens ?? OUTPUT_TOKENS,
      json: true,
    },
  };
}

const verdictWord = z
  .string()
  .transform((word) => word.trim().toUpperCase())
  .pipe(z.enum(['A', 'B', 'TIE']));
const answerShape = z.object({ analysis: z.string().default(''), verdict: verdictWord });
const outcomeOf = { A: 'first', B: 'second', TIE: 'tie' } as const;

/** How a verdict is read, and where the judge's own words lie in it. */
export const pairForm: AnswerForm<PairVerdict> = {
  read: readPairVerdict,
  words: ({ reason }) => judgesWords(reason),
};

/** @throws UnparsableAnswerError, upon which the answer is bought anew, three times at most */
export function readPairVerdict(answer: string): PairVerdict {
  const { analysis, verdict } = readJsonAnswer(answer, answerShape);
  return { outcome: outcomeOf[verdict], reason: analysis.slice(0, REASON_LIMIT) };
}

export type Preference = 'a' | 'b' | 'tie';

/** What a verdict says of the two models, whichever stood first. */
export function preferenceOf(outcome: PairVerdict['outcome'], first: 'a' | 'b'): Preference {
  if (outcome === 'tie') return 'tie';
  return (outcome === 'first') === (first === 'a') ? 'a' : 'b';
}

/**
 * Both orders together, from A's side: agreed, it is what they say; otherwise a tie that the order of the answers made
 * (`flipped`). Null without two verdicts.
 */
export function mergeOrders(
  aFirst: Preference | null,
  bFirst: Preference | null,
): { outcome: 'win' | 'tie' | 'loss'; flipped: boolean } | null {
  if (aFirst === null || bFirst === null) return null;
  if (aFirst !== bFirst) return { outcome: 'tie', flipped: true };
  return { outcome: ({ a: 'win', b: 'loss', tie: 'tie' } as const)[aFirst], flipped: false };
}

/** The newest words for comparing two answers; the project's first ones are made when there are none. */
export async function ensurePairwisePrompt(tx: EntityManager, projectId: string): Promise<string> {
  await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`judge_pair:${projectId}`]);
  const known = await latestPromptVersion(tx, projectId, pairwisePrompt.key);
  if (known) return known.id;
  const template = await new PromptTemplateService().create(tx, { projectId, personId: null }, pairwisePrompt);
  return template.latest!.id;
}
