import type { EntityManager } from 'typeorm';
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

/** Keeps what a person has written so far, whoever holds the slot now. The newest save wins. */
export async function saveDraft(
  tx: EntityManager,
  draft: { projectId: string; slotId: string; personId: string; baseVersionId: string | null; body: unknown },
): Promise<{ revision: number; savedAt: Date }> {
  const [saved]: { revision: number; savedAt: Date }[] = await tx.query(
    `insert into draft (id, project_id, slot_id, person_id, base_version_id, body) values ($1, $2, $3, $4, $5, $6)
     on conflict (slot_id, person_id) do update
       set body = excluded.body, base_version_id = excluded.base_version_id, revision = draft.revision + 1, updated_at = now()
     returning revision, updated_at as "savedAt"`,
    [uuidv7(), draft.projectId, draft.slotId, draft.personId, draft.baseVersionId, JSON.stringify(draft.body)],
  );
  return saved!;
}

export async function deleteDraft(tx: EntityManager, slotId: string, personId: string): Promise<void> {
  await tx.query('delete from draft where slot_id = $1 and person_id = $2', [slotId, personId]);
}
