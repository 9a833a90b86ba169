import type { EntityManager } from 'typeorm';
import { itemIdSql } from '@qingnang/llm';
import { PAIRED } from '../results/summarise.js';

/**
 * Makes a pair of every two entrants' answers to every question that both have answered, each with its subject, so that
 * it can be a task; and notes who wrote one of the two, who is never given it. Returns their number.
 */
export async function makePairs(tx: EntityManager, evaluationId: string): Promise<number> {
  const [made] = await tx.query<{ n: number }[]>(
    `with pair as (
       select ${itemIdSql('row_number() over (order by q.n, x.n, y.n)')} as id, e.project_id, q.id as question,
         x.id as a_entrant, y.id as b_entrant, a.id as a_answer, b.id as b_answer,
         case when greatest(jsonb_array_length(a.turns), jsonb_array_length(b.turns)) > 1
           then 'dialogue_pair' else 'verdict_pair' end as kind,
         left(q.messages -> -1 ->> 'content', 120) as title
       from evaluation e join suite_item q on q.suite_id = e.suite_id
       join entrant x on x.evaluation_id = e.id join entrant y on y.evaluation_id = e.id and ${PAIRED}
       join model_answer a on a.entrant_id = x.id and a.suite_item_id = q.id
       join model_answer b on b.entrant_id = y.id and b.suite_item_id = q.id
       where e.id = $1 and q.messages is not null and a.turns is not null and b.turns is not null),
     subjects as (insert into subject (id, project_id, kind, title) select id, project_id, kind, title from pair),
     pairs as (
       insert into answer_pair (id, project_id, evaluation_id, suite_item_id, a_entrant_id, b_entrant_id, a_answer_id,
         b_answer_id, subject_kind)
       select id, project_id, $1, question, a_entrant, b_entrant, a_answer, b_answer, kind from pair)
     select count(*)::int as n from pair`,
    [evaluationId],
  );
  await noteAuthors(tx, evaluationId);
  return made!.n;
}

/** Whoever is named as an entrant's author, and doctors whose reference is the answer word for word. */
async function noteAuthors(tx: EntityManager, evaluationId: string): Promise<void> {
  await tx.query(
    `with wrote as (
       select a.id as answer_id, x.author_id as person_id from model_answer a join entrant x on x.id = a.entrant_id
       where a.evaluation_id = $1 and x.author_id is not null
       union
       select a.id, f.doctor_id from model_answer a
       join reference f on f.project_id = a.project_id and f.text = a.turns -> -1 ->> 'text'
       where a.evaluation_id = $1 and f.doctor_id is not null)
     insert into subject_author (subject_id, project_id, person_id)
     select distinct p.id, p.project_id, w.person_id
     from wrote w join answer_pair p on p.evaluation_id = $1 and w.answer_id in (p.a_answer_id, p.b_answer_id)`,
    [evaluationId],
  );
}
