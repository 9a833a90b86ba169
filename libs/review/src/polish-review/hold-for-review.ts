import type { EntityManager } from 'typeorm';
import type { Actor } from '@qingnang/contracts';
import { IN_USE } from '@qingnang/corpus';
import type { LockedSlot } from '../slots/slots.js';

/** A slot and its record, held until the transaction ends. */
export interface HeldReview extends LockedSlot {
  recordId: string;
  /** What the record's source says today. */
  importVersionId: string;
  /** Whether the record was held back or withdrawn meanwhile. */
  putAside: boolean;
}

/**
 * Holds the slot and its record in one statement, the slot first, so that neither an import nor a hold comes between; null
 * where the slot is no longer this person's under this token.
 */
export async function holdForReview(
  tx: EntityManager,
  actor: Actor,
  slotId: string,
  fencingToken: number,
): Promise<HeldReview | null> {
  const [held]: HeldReview[] = await tx.query(
    `select s.id, s.task_id as "taskId", s.task_set_id as "taskSetId", s.subject_id as "subjectId",
       s.record_id as "recordId", s.shown_version_id as "shownVersionId", s.round,
       r.import_version_id as "importVersionId", not (${IN_USE}) as "putAside"
     from slot s join record r on r.id = s.record_id
     where s.project_id = $1 and s.id = $2 and s.holder_id = $3 and s.fencing_token = $4 and s.state = 'leased'
     for update of s, r`,
    [actor.projectId, slotId, actor.personId, fencingToken],
  );
  return held ?? null;
}
