import type { EntityManager } from 'typeorm';
import type { Actor, TaskKind } from '@qingnang/contracts';
import { notFound } from '@qingnang/kernel';
import { type LockedSlot, lockHeldSlot } from '@qingnang/review';

export interface LockedTask extends LockedSlot {
  kind: TaskKind;
  promptId: string;
  recordId: string;
}

/** The slot, locked, with the prompt it asks about; null when it is no longer this person's. */
export async function lockTask(
  tx: EntityManager,
  actor: Actor,
  slotId: string,
  fencingToken: number,
  kinds: readonly TaskKind[],
): Promise<LockedTask | null> {
  const slot = await lockHeldSlot(tx, actor, slotId, fencingToken);
  if (!slot) return null;
  const [task] = await tx.query<{ kind: TaskKind; promptId: string; recordId: string }[]>(
    `select ts.kind, p.id as "promptId", p.record_id as "recordId" from task_set ts, prompt p
     where ts.id = $1 and p.id = $2`,
    [slot.taskSetId, slot.subjectId],
  );
  if (!task || !kinds.includes(task.kind)) throw notFound('task', slotId);
  return { ...slot, ...task };
}
