import type { EntityManager } from 'typeorm';
import type { SnapshotPreview, SnapshotPreviewRequest, Split } from '@qingnang/contracts';
import { candidates } from './candidate.js';
import { loadLeaks } from './load-leaks.js';
import { reasonToLeaveOut } from './select-items.js';
import { SOURCES } from './sources.js';
import { splitOf } from './split-of.js';

/** Counts what freezing would take now, by the same sources, reasons and split. Writes nothing. */
export async function preview(
  tx: EntityManager,
  projectId: string,
  input: SnapshotPreviewRequest,
): Promise<SnapshotPreview> {
  const [project]: { split_salt: string }[] = await tx.query('select split_salt from project where id = $1', [
    projectId,
  ]);
  const split: Record<Split, number> = { train: 0, validation: 0, test: 0 };
  const groups = new Map<string, number>();
  const splitOfRecord = new Map<string, Split>();
  const leaks = await loadLeaks(tx, projectId);
  let rows = 0;
  let rehearsal = 0;
  for await (const candidate of candidates(SOURCES[input.kind], tx, projectId, input.selection)) {
    if (candidate.trainable && candidate.rehearsal) rehearsal += 1;
    if (reasonToLeaveOut(candidate, input.selection, leaks)) continue;
    const own = splitOf(project!.split_salt, candidate.groupId, input.selection.splits);
    rows += 1;
    split[own] += 1;
    groups.set(candidate.groupId, (groups.get(candidate.groupId) ?? 0) + 1);
    splitOfRecord.set(candidate.recordId, own);
  }
  return {
    rows,
    split,
    rehearsal,
    largestGroupShare: rows === 0 ? 0 : largest(groups) / rows,
    movedRecords: await countMoved(tx, projectId, splitOfRecord),
  };
}

/** Records that the newest earlier snapshot they stood in had in another split. */
async function countMoved(tx: EntityManager, projectId: string, now: ReadonlyMap<string, Split>): Promise<number> {
  const [row]: { moved: number }[] = await tx.query(
    `with now as (select * from unnest($2::uuid[], $3::text[]) as n (record_id, split)),
     before as (
       select distinct on (i.record_id) i.record_id, i.split from snapshot_item i join snapshot s on s.id = i.snapshot_id
       where s.project_id = $1 and s.state in ('frozen', 'released') and i.record_id = any($2::uuid[])
       order by i.record_id, s.frozen_at desc)
     select count(*)::int as moved from now join before using (record_id) where now.split <> before.split`,
    [projectId, [...now.keys()], [...now.values()]],
  );
  return row?.moved ?? 0;
}

const largest = (groups: ReadonlyMap<string, number>): number =>
  [...groups.values()].reduce((most, size) => Math.max(most, size), 0);
