import { join } from 'node:path';
import type {
  ListReply,
  SnapshotKind,
  SnapshotLeftOut,
  SnapshotLeftOutQuery,
  SnapshotManifest,
} from '@qingnang/contracts';
import type { Queryable } from '@qingnang/database';
import { DomainError } from '@qingnang/kernel';
import { readIds } from './freeze/left-out-files.js';

/** From what is left out to the record it belongs to; a pair goes by its chosen reply. */
const RECORD_OF: Record<SnapshotKind, string> = {
  sft: 'select v.id, v.record_id from version v where v.project_id = $1 and v.id = any($2::uuid[])',
  preference: `select c.id, p.record_id from candidate c join prompt p on p.id = c.prompt_id
    where c.project_id = $1 and c.id = any($2::uuid[])`,
  prompts: 'select p.id, p.record_id from prompt p where p.project_id = $1 and p.id = any($2::uuid[])',
  evaluation: 'select null::uuid as id, null::uuid as record_id where $1::uuid is null and $2::uuid[] is null',
};

export interface FrozenFolder {
  projectId: string;
  kind: SnapshotKind;
  manifest: SnapshotManifest;
  folder: string;
}

/** A page of the ids left out for a reason; an unknown reason has none. `after` is how many have been seen. */
export async function listLeftOut(
  db: Queryable,
  frozen: FrozenFolder,
  query: SnapshotLeftOutQuery,
): Promise<ListReply<SnapshotLeftOut>> {
  const from = query.after === undefined ? (query.page - 1) * query.perPage : rowNumber(query.after);
  const entry = frozen.manifest.left_out.find(({ reason }) => reason === query.reason);
  const page = entry === undefined ? [] : await idsOf(entry, frozen.folder, from, query.perPage);
  const first = (id: string): string => id.split(':')[0]!;
  const rows = await db.query<{ id: string; record_id: string }[]>(RECORD_OF[frozen.kind], [
    frozen.projectId,
    page.map(first),
  ]);
  const records = new Map(rows.map((row) => [row.id, row.record_id]));
  const seen = from + page.length;
  return {
    items: page.map((id) => ({ id, recordId: records.get(first(id)) ?? null })),
    total: entry?.count ?? 0,
    totalIs: 'exact',
    next: seen < (entry?.count ?? 0) ? String(seen) : null,
  };
}

/** Form 1 of the manifest named them itself. */
function idsOf(
  entry: SnapshotManifest['left_out'][number],
  folder: string,
  from: number,
  count: number,
): Promise<string[]> {
  if ('ids' in entry) return Promise.resolve(entry.ids.slice(from, from + count));
  return readIds(join(folder, entry.path), from, count);
}

function rowNumber(after: string): number {
  if (/^\d{1,12}$/.test(after)) return Number(after);
  throw new DomainError({
    code: 'list.bad_cursor',
    status: 422,
    field: 'after',
    detail: 'This `after` does not belong to this list: hand back the `next` of the page before, unchanged.',
  });
}
