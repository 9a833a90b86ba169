import type { EntityManager } from 'typeorm';
import { promptFilter, type PromptFilter } from '@qingnang/contracts';
import { IN_USE, mayLeaveSql } from '@qingnang/corpus';
import { DomainError } from '@qingnang/kernel';
import type { LlmJobEntity, PurposeContext, PurposeEstimate } from '@qingnang/llm';
import type { z } from 'zod';
import { PROMPT_FROM, PROMPT_TOKENS, promptFilterSql } from './prompts/prompt-sql.js';

/** Whether the dialogue of prompt `p` may go to an outside provider. */
export const PROMPT_MAY_LEAVE = mayLeaveSql('r', 'p.version_id');

/** The prompts a job is about: columns `id`, `tokens` of the dialogue, `may_leave`, and those the purpose adds. `$1` is the project. */
export function chosenPrompts(job: LlmJobEntity, params: unknown[], columns: string): string {
  return `select p.id, ${PROMPT_TOKENS} as tokens, ${PROMPT_MAY_LEAVE} as may_leave, ${columns}
    from ${PROMPT_FROM}
    where p.project_id = $1 and v.turns is not null and ${IN_USE} and ${promptFilterSql(filterOf(job), params)}`;
}

export function filterOf(job: LlmJobEntity): PromptFilter {
  return readOr422(promptFilter, job.filter, 'filter');
}

/** A job's filter or settings; 422 where they are not what this purpose understands. */
export function readOr422<Schema extends z.ZodType>(schema: Schema, value: unknown, field: string): z.infer<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new DomainError({
    code: 'preference.bad_choice',
    status: 422,
    field: [field, ...(issue?.path ?? [])].join('.'),
    detail: `The choice of prompts or the settings cannot be used: ${issue?.message ?? 'unknown field'}.`,
  });
}

/** What a message costs beside the words of the dialogue. */
export interface CallShape {
  /** SQL over `chosen`: tokens beside those of the dialogue. */
  inputExtra: string;
  /** SQL over `chosen`: tokens of one answer. */
  output: string;
  /** SQL over `chosen`: whether the prompt holds such a result already. */
  done: string;
  /** SQL over `chosen`: calls still wanted for the prompt; none where it is done, and where it lacks what is asked about. */
  calls: string;
}

/** Sums a job up, before anything is written. `chosen` comes from {@link chosenPrompts}. */
export async function estimatePrompts(
  tx: EntityManager,
  chosen: string,
  params: unknown[],
  shape: CallShape,
  context: PurposeContext,
): Promise<PurposeEstimate> {
  const bind = (value: unknown): string => `$${params.push(value)}`;
  const [sum] = await tx.query<PurposeEstimate[]>(
    `with chosen as (${chosen}),
     asked as (
       select may_leave or not ${bind(context.outside)}::boolean as open, ${shape.done} as done,
         greatest(${shape.calls}, 0) as calls,
         tokens + ${shape.inputExtra} as input, ${shape.output} as output
       from chosen)
     select count(*)::int as subjects, count(*) filter (where done)::int as "alreadyDone",
       count(*) filter (where calls = 0 and not done)::int as lacking,
       coalesce(sum(calls) filter (where open), 0)::int as calls,
       coalesce(sum(calls * input) filter (where open), 0)::float8 as "inputTokens",
       coalesce(sum(calls * output) filter (where open), 0)::float8 as "outputTokens",
       count(*) filter (where not open and calls > 0)::int as "egressRefused",
       coalesce(sum(calls) filter (where open and input + 16 > ${bind(context.contextTokens || null)}::int), 0)::int as "tooLong"
     from asked`,
    params,
  );
  return sum!;
}
