import type { Queryable } from '@qingnang/database';

/** Which of these references and judgements a snapshot holds: itself, or a pair that its order decided. */
export async function inSnapshots(
  db: Queryable,
  projectId: string,
  resultIds: readonly string[],
): Promise<ReadonlySet<string>> {
  const rows = await db.query<{ id: string }[]>(
    `select f.id from reference f where f.project_id = $1 and f.id = any($2::uuid[])
       and exists (select from snapshot_item i where i.reference_id = f.id)
     union all
     select j.id from judgement j where j.project_id = $1 and j.id = any($2::uuid[])
       and exists (select from snapshot_item i join snapshot s on s.id = i.snapshot_id
         where i.prompt_id = j.prompt_id and i.item_type = 'pair' and i.evidence = j.origin
           and coalesce(s.frozen_at, now()) > j.created_at)`,
    [projectId, resultIds],
  );
  return new Set(rows.map(({ id }) => id));
}
