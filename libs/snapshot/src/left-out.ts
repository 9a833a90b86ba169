import type {
  ListReply,
  SnapshotKind,
  SnapshotLeftOut,
  SnapshotLeftOutQuery,
  SnapshotManifest,
} from '@qingnang/contracts';
import type { Queryable } from '@qingnang/database';

/** From what a manifest names to the record it belongs to; a pair goes by its chosen reply. */
const RECORD_OF: Record<SnapshotKind, string> = {
  sft: 'select v.id, v.record_id from version v where v.project_id = $1 and v.id = any($2::uuid[])',
  preference: `select c.id, p.record_id from candidate c join prompt p on p.id = c.prompt_id
    where c.project_id = $1 and c.id = any($2::uuid[])`,
  prompts: 'select p.id, p.record_id from prompt p where p.project_id = $1 and p.id = any($2::uuid[])',
  evaluation: 'select null::uuid as id, null::uuid as record_id where $1::uuid is null and $2::uuid[] is null',
};

/** A page of the ids that stand in the manifest under a reason; an unknown reason has none. */
export async function listLeftOut(
  db: Queryable,
  projectId: string,
  kind: SnapshotKind,
  manifest: SnapshotManifest | null,
  query: SnapshotLeftOutQuery,
): Promise<ListReply<SnapshotLeftOut>> {
  const ids = manifest?.left_out.find(({ reason }) => reason === query.reason)?.ids ?? [];
  const from = query.after === undefined ? (query.page - 1) * query.perPage : ids.indexOf(query.after) + 1;
  const page = ids.slice(from, from + query.perPage);
  const first = (id: string): string => id.split(':')[0]!;
  const rows = await db.query<{ id: string; record_id: string }[]>(RECORD_OF[kind], [projectId, page.map(first)]);
  const records = new Map(rows.map((row) => [row.id, row.record_id]));
  return {
    items: page.map((id) => ({ id, recordId: records.get(first(id)) ?? null })),
    total: ids.length,
    totalIs: 'exact',
    next: from + page.length < ids.length ? page.at(-1)! : null,
  };
}
