import type { Actor } from '@qingnang/contracts';
import { candidateLabel, placesOf } from '@qingnang/judge';
import type { Queryable } from '@qingnang/database';
import { createRandom, sha256 } from '@qingnang/kernel';
import { judgementsOf } from '../judgements/read-judgements.js';
import { aiTotals } from '../pairs/derive-pairs.js';

export interface ShownCandidate {
  /** The letter it goes by. */
  key: string;
  candidateId: string;
  text: string;
  rehearsal: boolean;
}

export interface Shown {
  /** In the order shown. */
  candidates: ShownCandidate[];
  /** Ranks in that order, where the AI's order is shown. */
  aiRanks: number[] | null;
  aiRehearsal: boolean;
}

/** More than this nobody can hold in mind. */
export const MOST_SHOWN = 6;

interface Row {
  id: string;
  text: string;
  rehearsal: boolean;
  taskCreatedAt: Date;
}

/**
 * The candidates a person is shown for a task, the same at every look: those there were when the task was made, each
 * wording once, at most six, drawn by a hash of the task. Letters and order are drawn anew for each person, so that
 * neither tells which model wrote what; in the second mode the order is the AI's.
 */
export async function shownCandidates(
  db: Queryable,
  actor: Actor,
  task: { slotId: string; taskId: string; promptId: string; withAiOrder: boolean },
): Promise<Shown> {
  const rows = await db.query<Row[]>(
    `select c.id, c.text, c.rehearsal, t.created_at as "taskCreatedAt"
     from task t join candidate c on c.prompt_id = t.subject_id
     where t.project_id = $1 and t.id = $2 and c.text is not null and c.created_at <= t.created_at
     order by md5(t.id::text || c.id::text)`,
    [actor.projectId, task.taskId],
  );
  const judgements = task.withAiOrder ? await aiBefore(db, actor.projectId, task.promptId, rows[0]?.taskCreatedAt) : [];
  const totals = aiTotals(judgements);
  const seen = new Set<string>();
  const chosen = rows
    .filter((row) => !task.withAiOrder || totals.has(row.id))
    .filter((row) => !seen.has(row.text) && seen.add(row.text))
    .slice(0, MOST_SHOWN);
  const random = createRandom(Number.parseInt(sha256(`${task.slotId}:${actor.personId}`).slice(0, 8), 16));
  const lettered = random
    .shuffle(chosen)
    .map(({ id, text, rehearsal }, i) => ({ key: candidateLabel(i), candidateId: id, text, rehearsal }));
  if (!task.withAiOrder) return { candidates: lettered, aiRanks: null, aiRehearsal: false };
  const total = (candidate: ShownCandidate): number => totals.get(candidate.candidateId)!;
  const ordered = [...lettered].sort((a, b) => total(b) - total(a));
  return {
    candidates: ordered,
    aiRanks: placesOf(ordered.map(total)).map((place) => place.rank),
    aiRehearsal: judgements.some((judgement) => judgement.rehearsal),
  };
}

/** What the AI had said when the task was made: a later word would change the letters under a doctor's hands. */
async function aiBefore(db: Queryable, projectId: string, promptId: string, when: Date | undefined) {
  const all = (await judgementsOf(db, projectId, [promptId])).get(promptId) ?? [];
  return all.filter((one) => one.origin === 'ai' && when !== undefined && new Date(one.createdAt) <= when);
}
