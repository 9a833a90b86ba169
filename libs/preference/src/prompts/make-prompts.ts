import type { EntityManager } from 'typeorm';
import type { Actor, MadePrompts, MakePrompts } from '@qingnang/contracts';
import { IN_USE, recordFilterSql } from '@qingnang/corpus';
import { itemIdSql } from '@qingnang/llm';

/** The words a prompt is made from: what is approved, else the masked, else the imported version. */
const BASE = `coalesce(
  (select a.version_id from approval a where a.record_id = r.id and a.until_at is null),
  (select m.id from version m where m.record_id = r.id and m.kind = 'mask' and m.parent_id = r.import_version_id
    order by m.created_at desc, m.id desc limit 1),
  r.import_version_id)`;

const PICK = { first: 'q.place = 1', last: 'q.place = q.questions', all: 'true' };

/** Who said what up to a turn, to find a prompt that asks the same in another version of the record. */
const words = (version: string, n: string): string =>
  `(select jsonb_agg(jsonb_build_array(t ->> 'role', t ->> 'text') order by (t ->> 'n')::int)
    from jsonb_array_elements(${version}.turns) t where (t ->> 'n')::int <= ${n})`;

/**
 * Makes a prompt of each chosen patient turn of the records that the filter selects, in one statement. Turns that are a
 * prompt already, word for word, are left alone, so the same call again makes nothing.
 */
export async function makePrompts(
  tx: EntityManager,
  actor: Pick<Actor, 'projectId'>,
  input: MakePrompts,
): Promise<MadePrompts> {
  const params: unknown[] = [actor.projectId];
  const where = recordFilterSql(input.filter, params);
  const limit = `$${params.push(input.limit ?? null)}`;
  const made = await tx.query<{ id: string }[]>(
    `with questions as (
       select r.id as record_id, v.id as version_id, (t ->> 'n')::int as turn_n,
         row_number() over (partition by r.id order by (t ->> 'n')::int) as place, count(*) over (partition by r.id) as questions
       from record r join version v on v.id = ${BASE}, jsonb_array_elements(v.turns) t
       where r.project_id = $1 and (${where}) and ${IN_USE} and v.turns is not null and t ->> 'role' = 'patient'
     ),
     wanted as (
       select q.* from questions q join version v on v.id = q.version_id
       where ${PICK[input.turns]} and not exists (
         select from prompt p join version o on o.id = p.version_id
         where p.record_id = q.record_id and p.turn_n = q.turn_n
           and (p.version_id = q.version_id or ${words('o', 'q.turn_n')} = ${words('v', 'q.turn_n')}))
       order by q.record_id, q.turn_n limit ${limit}
     ),
     inserted as (
       insert into prompt (id, project_id, record_id, version_id, turn_n)
       select ${itemIdSql('row_number() over (order by record_id, turn_n)')}, $1, record_id, version_id, turn_n
       from wanted on conflict on constraint uq_prompt_turn do nothing returning id, record_id
     ),
     subjects as (
       insert into subject (id, project_id, kind, record_id) select id, $1, 'prompt', record_id from inserted
     )
     select id from inserted`,
    params,
  );
  if (!input.originalReplies || made.length === 0) return { made: made.length, references: 0 };
  return { made: made.length, references: await keepOriginalReplies(tx, actor.projectId, made) };
}

/** What the record's own doctor said next, in the imported words, becomes a reference without a doctor's name. */
async function keepOriginalReplies(
  tx: EntityManager,
  projectId: string,
  prompts: readonly { id: string }[],
): Promise<number> {
  const kept = await tx.query<unknown[]>(
    `with kept as (
       insert into reference (id, project_id, prompt_id, kind, text, rehearsal, synthetic)
       select ${itemIdSql('row_number() over (order by p.id)')}, $1, p.id, 'answer', reply.text, reply.rehearsal, r.synthetic
       from prompt p join record r on r.id = p.record_id join version v on v.id = r.import_version_id,
         lateral (select t ->> 'text' as text, coalesce((t ->> 'rehearsal')::boolean, false) as rehearsal
           from jsonb_array_elements(v.turns) t
           where (t ->> 'n')::int = p.turn_n + 1 and t ->> 'role' = 'doctor' and t ->> 'text' <> '') reply
       where p.project_id = $1 and p.id = any($2::uuid[])
       on conflict on constraint uq_reference_revision do nothing returning id)
     select id from kept`,
    [projectId, prompts.map((prompt) => prompt.id)],
  );
  return kept.length;
}
