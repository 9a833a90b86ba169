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

export interface NewDraft {
  projectId: string;
  slotId: string;
  personId: string;
  baseVersionId: string | null;
  /** Of the page that wrote it; null where the slot itself brings it back. */
  fencingToken: number | null;
  body: unknown;
}

/**
 * Keeps what a person has written so far, whoever holds the slot now. The newest save wins, unless it comes from a page
 * that has had the task taken over by another of the same person. Words whose base is unknown are kept without one.
 */
export async function saveDraft(
  tx: EntityManager,
  draft: NewDraft,
): Promise<{ revision: number; savedAt: Date } | null> {
  const { slotId, baseVersionId, projectId, personId, body, fencingToken } = draft;
  const [saved]: { revision: number; savedAt: Date }[] = await tx.query(
    `insert into draft (id, project_id, slot_id, person_id, base_version_id, body, fencing_token)
     values ($3, $4, $1, $5, (select v.id from ${BASE_OF_SLOT}), $6,
       coalesce($7::bigint, (select s.fencing_token from slot s where s.id = $1)))
     on conflict (slot_id, person_id) do update
       set body = excluded.body, base_version_id = excluded.base_version_id, revision = draft.revision + 1,
         updated_at = now(), fencing_token = excluded.fencing_token
       where draft.fencing_token <= excluded.fencing_token
     returning revision, updated_at as "savedAt"`,
    [slotId, baseVersionId, uuidv7(), projectId, personId, JSON.stringify(body), fencingToken],
  );
  return saved ?? null;
}

export async function deleteDraft(db: Queryable, slotId: string, personId: string, projectId: string): Promise<void> {
  await db.query('delete from draft where slot_id = $1 and person_id = $2 and project_id = $3', [
    slotId,
    personId,
    projectId,
  ]);
}
