import type { EntityManager } from 'typeorm';
import type { Actor, Turn } from '@qingnang/contracts';
import type { Queryable } from '@qingnang/database';

/** A version as it was shown, beside what the source says today. */
export interface ReviewedTexts {
  original: Turn[] | null;
  shown: Turn[];
}

/** The texts that an answer is about; empty where the version is not one of the slot's record. */
export async function readTexts(
  db: Queryable,
  actor: Actor,
  slotId: string,
  versionId: string,
): Promise<ReviewedTexts> {
  const [texts] = await db.query<ReviewedTexts[]>(
    `select o.turns as original, coalesce(v.turns, '[]') as shown
     from slot s join record r on r.id = s.record_id join version o on o.id = r.import_version_id
       join version v on v.record_id = r.id and v.id = $3
     where s.project_id = $1 and s.id = $2`,
    [actor.projectId, slotId, versionId],
  );
  return texts ?? { original: null, shown: [] };
}

/** Whether a version descends from what the source says today; locks the record against an import meanwhile. */
export async function speaksOfToday(tx: EntityManager, recordId: string, versionId: string): Promise<boolean> {
  await tx.query('select from record where id = $1 for update', [recordId]);
  const [found]: unknown[] = await tx.query(
    `with recursive line as (
       select v.id, v.parent_id from version v where v.id = $1
       union all select p.id, p.parent_id from version p join line on p.id = line.parent_id)
     select 1 from line join record r on r.import_version_id = line.id where r.id = $2`,
    [versionId, recordId],
  );
  return found !== undefined;
}
