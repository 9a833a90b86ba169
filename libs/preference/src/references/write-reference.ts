import type { EntityManager } from 'typeorm';
import type { Actor, ReferenceKind, ReferenceView, Turn } from '@qingnang/contracts';
import type { Queryable } from '@qingnang/database';
import { notFound, uuidv7 } from '@qingnang/kernel';
import { notify } from '@qingnang/queue';
import { stillRehearsal } from '@qingnang/text';
import { REFERENCE_COLUMNS, REFERENCE_FROM } from './reference-sql.js';

export interface NewReference {
  promptId: string;
  recordId: string;
  kind: ReferenceKind;
  text: string;
  afterExposure: boolean;
}

/** Writes the doctor's next revision for a prompt. Whether it may be written is the caller's to check. */
export async function writeReference(tx: EntityManager, actor: Actor, input: NewReference): Promise<ReferenceView> {
  // The prompt's row keeps two revisions of one doctor in order.
  await tx.query('select from prompt where id = $1 for update', [input.promptId]);
  const id = uuidv7();
  const text = input.text === '' ? null : input.text;
  await tx.query(
    `insert into reference (id, project_id, prompt_id, doctor_id, revision, kind, text, after_exposure, rehearsal)
     select $1, $2, $3, $4, 1 + coalesce(max(revision), 0), $5, $6, $7, $8
     from reference where prompt_id = $3 and doctor_id = $4`,
    [
      id,
      actor.projectId,
      input.promptId,
      actor.personId,
      input.kind,
      text,
      input.afterExposure,
      text !== null && input.afterExposure && (await isRehearsal(tx, input, text)),
    ],
  );
  await notify(tx, actor.projectId, 'references', id);
  return readReference(tx, actor.projectId, id);
}

/** Whether the words are still mostly those of a rehearsal reply the doctor may have seen (data-model.md, Rehearsal). */
async function isRehearsal(tx: EntityManager, input: NewReference, text: string): Promise<boolean> {
  const candidates = await tx.query<{ text: string }[]>(
    `select c.text from candidate c join prompt p on p.id = c.prompt_id
     where p.record_id = $1 and c.rehearsal and c.text is not null`,
    [input.recordId],
  );
  const versions = await tx.query<{ turns: Turn[] }[]>(
    'select turns from version where record_id = $1 and rehearsal and turns is not null',
    [input.recordId],
  );
  const polished = versions.flatMap(({ turns }) => turns.filter((turn) => turn.rehearsal).map((turn) => turn.text));
  return stillRehearsal(text, null, [...candidates.map((candidate) => candidate.text), ...polished]);
}

export async function readReference(db: Queryable, projectId: string, id: string): Promise<ReferenceView> {
  const [found] = await db.query<ReferenceView[]>(
    `select ${REFERENCE_COLUMNS} from ${REFERENCE_FROM} where f.project_id = $1 and f.id = $2`,
    [projectId, id],
  );
  if (!found) throw notFound('reference', id);
  return found;
}
