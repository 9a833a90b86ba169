import type { EntityManager } from 'typeorm';
import { type PolishSettings, recordFilter, type Turn } from '@qingnang/contracts';
import { IN_USE, mayLeaveSql, recordFilterSql } from '@qingnang/corpus';
import { itemIdSql, type LlmJobEntity, type PurposeContext, type PurposeEstimate } from '@qingnang/llm';
import { DomainError } from '@qingnang/kernel';
import { zodFault } from './polish.errors.js';

/** What one prompt version makes of a record: one item, or one for each of the doctor's turns. */
export interface PolishPlan {
  promptVersionId: string;
  perTurn: boolean;
  /** Tokens of the prompt without any material. */
  promptTokens: number;
}

/** The version a polish starts from: the masked, else the imported one; or what is approved today. */
const BASES: Record<PolishSettings['from'], string> = {
  original: `coalesce((select m.id from version m where m.record_id = r.id and m.kind = 'mask'
    and m.parent_id = r.import_version_id order by m.created_at desc, m.id desc limit 1), r.import_version_id)`,
  approved: '(select a.version_id from approval a where a.record_id = r.id and a.until_at is null)',
};

/** Whether the base version's text may go to an outside provider. */
const MAY_LEAVE = mayLeaveSql('r', 'b.id');

const POLISHED = `exists (select from version v where v.record_id = r.id and v.kind = 'polish')`;

/** Tokens by the rule of the estimate: one a Chinese character, one per four others. */
const tokens = (text: string): string => `(wide.n + ceil((char_length(${text}) - wide.n) / 4.0))`;
const WIDE = String.raw`[^\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef]`;

/** JSON around a turn; what a message costs beside its words. */
const TURN_WRAP = 12;
/** How much longer a polish is than the doctor's words, found on rehearsal and on published polishes. */
const GROWTH = 1.6;

/** The chosen records with at least one doctor's turn, each with its base version. `$1` is the project. */
function chosen(job: LlmJobEntity, settings: PolishSettings, params: unknown[]): string {
  const parsed = recordFilter.safeParse(job.filter);
  if (!parsed.success) throw zodFault(parsed.error);
  const where = recordFilterSql(parsed.data, params);
  return `select r.id, r.department, b.id as version_id, b.turns, ${MAY_LEAVE} as may_leave, ${POLISHED} as polished
    from record r join version b on b.id = ${BASES[settings.from]}
    where r.project_id = $1 and (${where}) and ${IN_USE} and b.turns is not null
      and exists (select from jsonb_array_elements(b.turns) t where t ->> 'role' = 'doctor')`;
}

export async function estimatePolish(
  tx: EntityManager,
  job: LlmJobEntity,
  settings: PolishSettings,
  plans: readonly PolishPlan[],
  context: PurposeContext,
): Promise<PurposeEstimate> {
  const whole = { subjects: 0, egressRefused: 0, alreadyDone: 0, lacking: 0 };
  const sum = { ...whole, calls: 0, inputTokens: 0, outputTokens: 0, tooLong: 0 };
  for (const plan of plans) {
    const one = await estimateOne(tx, job, settings, plan, context);
    for (const key of ['calls', 'inputTokens', 'outputTokens', 'tooLong'] as const) sum[key] += one[key];
    // Every prompt version is asked of the same records.
    const { subjects, egressRefused, alreadyDone } = one;
    Object.assign(sum, { subjects, egressRefused, alreadyDone });
  }
  return sum;
}

async function estimateOne(
  tx: EntityManager,
  job: LlmJobEntity,
  settings: PolishSettings,
  plan: PolishPlan,
  context: PurposeContext,
): Promise<PurposeEstimate> {
  const params: unknown[] = [job.projectId];
  const records = chosen(job, settings, params);
  const bind = (value: unknown): string => `$${params.push(value)}`;
  const [row] = await tx.query<PurposeEstimate[]>(
    `with chosen as (${records}),
     turns as (
       select c.id, c.polished, c.may_leave or not ${bind(context.outside)}::boolean as open,
         t ->> 'role' = 'doctor' as doctor, ${tokens(`(t ->> 'text')`)} as tokens
       from chosen c, jsonb_array_elements(c.turns) t,
         lateral (select char_length(regexp_replace(t ->> 'text', '${WIDE}', '', 'g')) as n) wide),
     questions as (${plan.perTurn ? PER_TURN : PER_RECORD}),
     asked as (
       select *, input + ${bind(plan.promptTokens)}::int as whole from questions
       where not (polished and ${bind(settings.skipPolished)}::boolean))
     select (select count(*)::int from chosen) as subjects,
       (select count(*)::int from chosen where polished) as "alreadyDone",
       count(*) filter (where open)::int as calls,
       coalesce(sum(whole) filter (where open), 0)::float8 as "inputTokens",
       coalesce(sum(ceil(output * ${GROWTH})) filter (where open), 0)::float8 as "outputTokens",
       count(distinct id) filter (where not open)::int as "egressRefused",
       count(*) filter (where open and whole + 16 > ${bind(context.contextTokens || null)}::int)::int as "tooLong"
     from asked`,
    params,
  );
  return row!;
}

const PER_TURN = 'select id, polished, open, tokens as input, tokens as output from turns where doctor';
const PER_RECORD = `select id, polished, open, sum(tokens + ${TURN_WRAP}) as input,
  sum(tokens + ${TURN_WRAP}) filter (where doctor) as output from turns group by id, polished, open`;

/** Writes the items out, the base version pinned in each; text that may not leave is written as refused. */
export async function writePolishItems(
  tx: EntityManager,
  job: LlmJobEntity,
  settings: PolishSettings,
  plan: PolishPlan,
  context: PurposeContext,
): Promise<void> {
  const params: unknown[] = [job.projectId];
  const records = chosen(job, settings, params);
  const bind = (value: unknown): string => `$${params.push(value)}`;
  const turn = plan.perTurn
    ? `, lateral (select (t ->> 'n')::int as n from jsonb_array_elements(c.turns) t where t ->> 'role' = 'doctor') turn`
    : ', (values (-1)) turn (n)';
  await tx.query(
    `insert into llm_item (id, project_id, job_id, subject_type, subject_id, turn_n, prompt_version_id, params, state,
       error_code, idempotency_key)
     select item.id, $1, ${bind(job.id)}, 'record', item.record_id, item.turn_n, ${bind(plan.promptVersionId)},
       jsonb_build_object('versionId', item.version_id), case when item.open then 'waiting' else 'skipped' end,
       case when item.open then null else 'egress_refused' end, item.id::text || '.1'
     from (
       select ${itemIdSql('row_number() over (order by c.id, turn.n)')} as id, c.id as record_id, c.version_id,
         turn.n as turn_n, c.may_leave or not ${bind(context.outside)}::boolean as open
       from (${records}) c ${turn}
       where not (c.polished and ${bind(settings.skipPolished)}::boolean)) item`,
    params,
  );
}

export interface PolishBase {
  department: string | null;
  turns: Turn[] | null;
  state: string;
  mayLeave: boolean;
}

/** The pinned base of an item as it is now. */
export async function polishBase(
  tx: EntityManager,
  projectId: string,
  recordId: string,
  versionId: string,
): Promise<PolishBase> {
  const [row] = await tx.query<PolishBase[]>(
    `select r.department, b.turns, r.state, ${MAY_LEAVE} as "mayLeave"
     from record r join version b on b.record_id = r.id and b.id = $3 where r.project_id = $1 and r.id = $2`,
    [projectId, recordId, versionId],
  );
  if (row) return row;
  throw new DomainError({ code: 'record.not_found', status: 404, detail: `No record ${recordId} in this project.` });
}

/** A record polished turn by turn: the next turn's version stands on the one before it, so that the last holds all. */
export async function newestOfJob(
  tx: EntityManager,
  item: { jobId: string; subjectId: string; promptVersionId: string | null },
): Promise<{ id: string; turns: Turn[] } | null> {
  await tx.query('select from record where id = $1 for update', [item.subjectId]);
  const [row] = await tx.query<{ id: string; turns: Turn[] }[]>(
    `select v.id, v.turns from version v join llm_item i on i.id = v.llm_item_id
     where v.record_id = $1 and i.job_id = $2 and i.prompt_version_id = $3 and v.turns is not null
     order by v.created_at desc, v.id desc limit 1`,
    [item.subjectId, item.jobId, item.promptVersionId],
  );
  return row ?? null;
}
