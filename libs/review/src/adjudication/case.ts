import type { AdjudicationDesk, Turn } from '@qingnang/contracts';
import type { Queryable } from '@qingnang/database';

/** The newest answer of each slot of a task. */
export interface NewestAnswer {
  id: string;
  slot_id: string;
  person_id: string;
  verdict: string;
  version_id: string | null;
  turns: Turn[] | null;
}

/** A task that waits for a decision, with all that is known of it. */
export interface Case {
  projectId: string;
  taskId: string;
  recordId: string;
  desk: AdjudicationDesk;
  /** Doctor's and patient's turns of the version gone on from. */
  base: readonly Turn[];
  answers: readonly NewestAnswer[];
}

export function newestAnswers(tx: Queryable, taskId: string): Promise<NewestAnswer[]> {
  return tx.query(
    `select distinct on (a.slot_id) a.id, a.slot_id, a.person_id, a.verdict, a.version_id, v.turns
     from answer a left join version v on v.id = a.version_id
     where a.task_id = $1 and not 'undone' = any (a.flags) order by a.slot_id, a.round desc`,
    [taskId],
  );
}
