import type { Actor, AnswerTurn, ChatMessage } from '@qingnang/contracts';
import type { Queryable } from '@qingnang/database';

export interface ShownPair {
  evaluationId: string;
  judgeId: string;
  messages: ChatMessage[];
  /** In the order shown. */
  sides: [AnswerTurn[], AnswerTurn[]];
  shownFirst: 'a' | 'b';
  rehearsal: boolean;
}

type Row = Omit<ShownPair, 'sides'> & { a: AnswerTurn[]; b: AnswerTurn[] };

/**
 * The pair of a slot in the order it is shown: drawn by the pair, and turned round for every second doctor, so that no
 * entrant stands first more often. Null where its words were erased.
 */
export async function readPair(
  db: Queryable,
  projectId: string,
  slot: { id: string; subjectId: string },
): Promise<ShownPair | null> {
  const [row] = await db.query<Row[]>(
    `select p.evaluation_id as "evaluationId", j.id as "judgeId", q.messages, a.turns as a, b.turns as b,
       a.rehearsal or b.rehearsal as rehearsal,
       case when (get_byte(decode(md5(p.id::text), 'hex'), 0) + s.n) % 2 = 0 then 'a' else 'b' end as "shownFirst"
     from slot s join evaluation_judge j on j.task_set_id = s.task_set_id
     join answer_pair p on p.id = s.subject_id join suite_item q on q.id = p.suite_item_id
     join model_answer a on a.id = p.a_answer_id join model_answer b on b.id = p.b_answer_id
     where s.project_id = $1 and s.id = $2 and q.messages is not null and a.turns is not null and b.turns is not null`,
    [projectId, slot.id],
  );
  if (!row) return null;
  const { a, b, ...pair } = row;
  return { ...pair, sides: pair.shownFirst === 'a' ? [a, b] : [b, a] };
}

/** Notes that answers to a question are shown to this person, on every record that asks it. */
export async function noteAnswersSeen(db: Queryable, actor: Actor, pairId: string): Promise<void> {
  await db.query(
    `insert into exposure (id, project_id, person_id, record_id, what)
     select gen_random_uuid(), $1, $2, r.id, 'candidate' from answer_pair p
     join suite_item q on q.id = p.suite_item_id
     join record r on r.project_id = p.project_id and r.question_hash = q.question_hash
     where p.id = $3 on conflict do nothing`,
    [actor.projectId, actor.personId, pairId],
  );
}
