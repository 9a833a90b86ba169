import type { Actor, KeptDraft } from '@qingnang/contracts';
import type { Queryable } from '@qingnang/database';

/** On a screen. */
const MOST_DRAFTS = 100;

/** Every word of a draft, whatever kind of task wrote it, in its order. */
const WORDS = `concat_ws(E'\\n\\n',
  (select string_agg(x ->> 'text', E'\\n\\n' order by (x ->> 'n')::int) from jsonb_array_elements(
    case jsonb_typeof(d.body -> 'turns') when 'array' then d.body -> 'turns' else '[]' end) x
    where jsonb_typeof(x) = 'object' and (x ->> 'n') ~ '^[0-9]{1,6}$'),
  nullif(d.body ->> 'text', ''), nullif(d.body ->> 'reason', ''), nullif(d.body ->> 'comment', ''))`;

/**
 * What a person wrote and did not hand in: begun and left, or refused because the task went elsewhere. `mine` can be gone
 * on with; `open` too, if the queue gives it back; of the rest only the words are left.
 */
export function keptDrafts(db: Queryable, actor: Actor): Promise<KeptDraft[]> {
  return db.query(
    `select s.id as "slotId", ts.id as "taskSetId", ts.name as "taskSetName", ts.kind, ${WORDS} as text,
       case when s.holder_id = $2 and s.state in ('leased', 'returned') and ts.state = 'open' then 'mine'
         when s.state = 'open' and ts.state = 'open' then 'open'
         when ts.state <> 'open' then 'closed'
         when s.state in ('answered', 'accepted') then 'answered' else 'taken' end as state,
       d.updated_at as "updatedAt",
       coalesce((select left(x ->> 'text', 120) from jsonb_array_elements(v.turns) x where x ->> 'role' = 'patient'
         limit 1), o.title, '') as question
     from draft d join slot s on s.id = d.slot_id join task_set ts on ts.id = s.task_set_id
       join subject o on o.id = s.subject_id
       left join record r on r.id = s.record_id left join version v on v.id = r.import_version_id
     where d.project_id = $1 and d.person_id = $2 and d.body is not null
     order by d.updated_at desc limit ${MOST_DRAFTS}`,
    [actor.projectId, actor.personId],
  );
}
