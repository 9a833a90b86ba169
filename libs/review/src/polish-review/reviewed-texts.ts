import type { DataSource, EntityManager } from 'typeorm';
import type { Actor, Turn } from '@qingnang/contracts';
import type { StoredVersion } from '@qingnang/corpus';
import { quickQuery } from '@qingnang/database';

/** A version as it was shown, beside what the source says today. */
export interface ReviewedTexts {
  original: Turn[] | null;
  shown: Turn[];
  /** The version shown and all it descends from, the import last. */
  line: StoredVersion[];
}

/** The texts that an answer is about; empty where the version is not one of the slot's record. */
export async function readTexts(
  dataSource: DataSource,
  actor: Actor,
  slotId: string,
  versionId: string,
): Promise<ReviewedTexts> {
  const [texts] = await quickQuery<ReviewedTexts[]>(
    dataSource,
    `select o.turns as original, coalesce(v.turns, '[]') as shown, (
       with recursive line as (
         select v.id, v.parent_id, v.turns, 1 as place
         union all select p.id, p.parent_id, p.turns, line.place + 1 from version p join line on p.id = line.parent_id)
       select jsonb_agg(jsonb_build_object('id', l.id, 'parent_id', l.parent_id, 'turns', l.turns) order by l.place)
       from line l) as line
     from slot s join record r on r.id = s.record_id join version o on o.id = r.import_version_id
       join version v on v.record_id = r.id and v.id = $3
     where s.project_id = $1 and s.id = $2`,
    [actor.projectId, slotId, versionId],
  );
  return texts ?? { original: null, shown: [], line: [] };
}

/** Whether what was shown descends from what the source says today, by the version it says today. */
export const speaksOfToday = ({ line }: ReviewedTexts, importVersionId: string): boolean =>
  line.some(({ id }) => id === importVersionId);

/** Holds the record against an import meanwhile. @returns the version that its source says today */
export async function lockRecord(tx: EntityManager, recordId: string): Promise<string> {
  const [record]: { id: string }[] = await tx.query(
    'select import_version_id as id from record where id = $1 for update',
    [recordId],
  );
  return record!.id;
}
