import type { PromptFilter } from '@qingnang/contracts';
import { IN_USE, recordFilterSql } from '@qingnang/corpus';

/** Turns of version `v` up to and with the question of prompt `p`, as jsonb. Null after an erasure. */
export const PROMPT_TURNS = `(select jsonb_agg(t order by (t ->> 'n')::int) from jsonb_array_elements(v.turns) t
  where (t ->> 'n')::int <= p.turn_n)`;

/** Beginning of the question of prompt `p` in version `v`. */
export const PROMPT_QUESTION = `coalesce((select left(t ->> 'text', 120) from jsonb_array_elements(v.turns) t
  where (t ->> 'n')::int = p.turn_n), '')`;

/** Beginning of the question of the prompt with this id. */
export const questionOf = (promptId: string): string =>
  `(select ${PROMPT_QUESTION} from prompt p join version v on v.id = p.version_id where p.id = ${promptId})`;

/** A reference of prompt `p` a judge can be shown, the best first: a doctor's before the record's own, unexposed before exposed. */
const REFERENCE_ORDER = `(ref.kind = 'answer') desc, (ref.doctor_id is not null) desc, ref.after_exposure,
  ref.created_at desc, ref.id desc`;

/**
 * The id of the reference that stands for the doctor's view of prompt `p`: each doctor's newest revision competes. A
 * doctor who says that nothing can be answered gives no text to judge by.
 */
export const BEST_REFERENCE = `(select ref.id from reference ref
  where ref.prompt_id = p.id and not ref.undone and ref.kind <> 'cannot_answer' and ref.text is not null
    and not exists (select from reference later where later.prompt_id = ref.prompt_id and not later.undone
      and later.doctor_id is not distinct from ref.doctor_id and later.revision > ref.revision)
  order by ${REFERENCE_ORDER} limit 1)`;

const NOT_WIDE = String.raw`[^\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef]`;

/** Tokens of a prompt's dialogue by the rule of the estimates: one a Chinese character, one per four others. */
export const PROMPT_TOKENS = tokensSql(`(select coalesce(string_agg(t ->> 'text', ''), '')
  from jsonb_array_elements(v.turns) t where (t ->> 'n')::int <= p.turn_n)`);

/** Tokens of a text by the rule of the estimates. */
export function tokensSql(text: string): string {
  return `(select char_length(regexp_replace(x.text, '${NOT_WIDE}', '', 'g'))
    + ceil((char_length(x.text) - char_length(regexp_replace(x.text, '${NOT_WIDE}', '', 'g'))) / 4.0)::int
    from (select ${text} as text) x)`;
}

/** Where prompts are read from: `prompt p`, its `version v`, its `record r`. */
export const PROMPT_FROM = 'prompt p join version v on v.id = p.version_id join record r on r.id = p.record_id';

/** For lists of what belongs to prompts: that of a record put aside is left out, unless its very prompt is asked for. */
export const ofRecordInUse = (promptId: string): string =>
  `exists (select from prompt up join record r on r.id = up.record_id where up.id = ${promptId} and ${IN_USE})`;

/** Conditions over {@link PROMPT_FROM} for a filter, joined by "and". Values are appended to `params`. */
export function promptFilterSql(filter: PromptFilter, params: unknown[]): string {
  const conditions = [recordFilterSql(filter, params)];
  const whether = (wanted: boolean | undefined, condition: string): void => {
    if (wanted !== undefined) conditions.push(wanted ? condition : `not ${condition}`);
  };
  if (filter.promptIds) conditions.push(`p.id = any($${params.push(filter.promptIds)}::uuid[])`);
  whether(
    filter.multiTurn,
    `exists (select from jsonb_array_elements(v.turns) t where (t ->> 'n')::int < p.turn_n and t ->> 'role' <> 'system')`,
  );
  whether(filter.hasReference, `exists (select from reference f where f.prompt_id = p.id and not f.undone)`);
  whether(filter.hasCandidates, `exists (select from candidate c where c.prompt_id = p.id)`);
  whether(
    filter.judged,
    `exists (select from judgement j where j.prompt_id = p.id and j.origin = 'ai' and not j.undone)`,
  );
  whether(
    filter.ranked,
    `exists (select from judgement j where j.prompt_id = p.id and j.origin <> 'ai' and not j.undone)`,
  );
  return conditions.map((condition) => `(${condition})`).join(' and ');
}
