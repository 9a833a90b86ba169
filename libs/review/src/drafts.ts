import type { EntityManager } from 'typeorm';
import type { Queryable } from '@qingnang/database';
import { DomainError, uuidv7 } from '@qingnang/kernel';

const MAX_DRAFT_BYTES = 64 * 1024;

/** For drafts of any shape; an answer that came late has passed its own limits and is kept whole. */
export function checkDraftSize(body: unknown): void {
  if (Buffer.byteLength(JSON.stringify(body)) <= MAX_DRAFT_BYTES) return;
  throw new DomainError({
    code: 'draft.too_large',
    status: 413,
    field: 'body',
    detail: `A draft holds at most ${MAX_DRAFT_BYTES} bytes; shorten the text.`,
  });
}

/** @throws `draft.unknown_base` (422) where the words are said to be based on a version of something else */
export async function checkDraftBase(tx: EntityManager, slotId: string, baseVersionId: string | null): Promise<void> {
  if (baseVersionId === null) return;
  const [known]: unknown[] = await tx.query(`select from ${BASE_OF_SLOT}`, [slotId, baseVersionId]);
  if (known) return;
  throw new DomainError({
    code: 'draft.unknown_base',
    status: 422,
    field: 'baseVersionId',
    detail: 'The draft names a version that this task’s record does not have; open the task again and save then.',
  });
}

/** Version $2, if it is one of the record that slot $1 is about. */
const BASE_OF_SLOT = 'version v join slot s on s.record_id = v.record_id where s.id = $1 and v.id = $2';

/**
 * Keeps what a person has written so far, whoever holds the slot now. The newest save wins. Words whose base is unknown
 * are kept without one.
 */
export async function saveDraft(
  tx: EntityManager,
  draft: { projectId: string; slotId: string; personId: string; baseVersionId: string | null; body: unknown },
): Promise<{ revision: number; savedAt: Date }> {
  const [saved]: { revision: number; savedAt: Date }[] = await tx.query(
    `insert into draft (id, project_id, slot_id, person_id, base_version_id, body)
     values ($3, $4, $1, $5, (select v.id from ${BASE_OF_SLOT}), $6)
     on conflict (slot_id, person_id) do update
       set body = excluded.body, base_version_id = excluded.base_version_id, revision = draft.revision + 1, updated_at = now()
     returning revision, updated_at as "savedAt"`,
    [draft.slotId, draft.baseVersionId, uuidv7(), draft.projectId, draft.personId, JSON.stringify(draft.body)],
  );
  return saved!;
}

export async function deleteDraft(db: Queryable, slotId: string, personId: string, projectId: string): Promise<void> {
  await db.query('delete from draft where slot_id = $1 and person_id = $2 and project_id = $3', [
    slotId,
    personId,
    projectId,
  ]);
}
