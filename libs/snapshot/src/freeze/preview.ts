import type { EntityManager } from 'typeorm';
import type { PreviewReason, SnapshotPreview, SnapshotPreviewRequest, Split } from '@qingnang/contracts';
import { type Candidate, candidates } from './candidate.js';
import { countSelection, type SelectionCounts } from './count-selection.js';
import { loadLeaks } from './load-leaks.js';
import { reasonToLeaveOut } from './select-items.js';
import { SOURCES } from './sources.js';
import { splitOf } from './split-of.js';

/** Up to so many are all looked at; of more, about so many, so that a preview costs the same at any size. */
const SAMPLE = 4_000;

/**
 * Counts what freezing would take now, by the same sources, reasons and split, and says what it would not take and why.
 * Of a large selection it looks at a sample, which it says. Writes nothing.
 */
export async function preview(
  tx: EntityManager,
  projectId: string,
  input: SnapshotPreviewRequest,
): Promise<SnapshotPreview> {
  const counts = await countSelection(tx, projectId, input);
  const share = counts.candidates <= SAMPLE ? 1 : SAMPLE / counts.candidates;
  const seen = await look(tx, projectId, input, share);
  const reckoned = (n: number): number => Math.round(n / share);
  const { train, validation, test } = seen.split;
  const split = { train: reckoned(train), validation: reckoned(validation), test: reckoned(test) };
  return {
    rows: split.train + split.validation + split.test,
    split,
    chosen: counts.chosen,
    leftOut: leftOut(counts, seen, reckoned, input.kind),
    sample: share === 1 ? null : { looked: seen.looked(input.kind), of: counts.candidates },
    rehearsal: reckoned(seen.rehearsal),
    largestGroupShare: seen.rows === 0 ? 0 : largest(seen.groups) / seen.rows,
    movedRecords: reckoned(await countMoved(tx, projectId, seen.splitOfRecord)),
  };
}

class Seen {
  candidates = 0;
  rows = 0;
  rehearsal = 0;
  readonly split: Record<Split, number> = { train: 0, validation: 0, test: 0 };
  readonly reasons = new Map<PreviewReason, number>();
  readonly groups = new Map<string, number>();
  readonly prompts = new Set<string>();
  readonly splitOfRecord = new Map<string, Split>();

  /** In what the selection is counted in: prompts where each may give several pairs. */
  looked(kind: SnapshotPreviewRequest['kind']): number {
    return kind === 'preference' ? this.prompts.size : this.candidates;
  }

  take(candidate: Candidate, split: Split): void {
    this.rows += 1;
    this.split[split] += 1;
    this.groups.set(candidate.groupId, (this.groups.get(candidate.groupId) ?? 0) + 1);
    this.splitOfRecord.set(candidate.recordId, split);
  }
}

async function look(
  tx: EntityManager,
  projectId: string,
  { kind, selection }: SnapshotPreviewRequest,
  share: number,
): Promise<Seen> {
  const [project]: { split_salt: string }[] = await tx.query('select split_salt from project where id = $1', [
    projectId,
  ]);
  const leaks = await loadLeaks(tx, projectId);
  const seen = new Seen();
  for await (const candidate of candidates(SOURCES[kind], tx, projectId, selection, {
    questions: !leaks.empty,
    share,
  })) {
    seen.candidates += 1;
    if (candidate.rankGroup !== null) seen.prompts.add(candidate.rankGroup);
    if (candidate.trainable && candidate.rehearsal) seen.rehearsal += 1;
    const reason = reasonToLeaveOut(candidate, selection, leaks);
    if (reason) seen.reasons.set(reason, (seen.reasons.get(reason) ?? 0) + 1);
    else seen.take(candidate, splitOf(project!.split_salt, candidate.groupId, selection.splits));
  }
  return seen;
}

function leftOut(
  { candidates: judged, outside }: SelectionCounts,
  seen: Seen,
  reckoned: (n: number) => number,
  kind: SnapshotPreviewRequest['kind'],
): SnapshotPreview['leftOut'] {
  const withoutPair = kind === 'preference' ? judged - reckoned(seen.prompts.size) : 0;
  const met = [...seen.reasons].map(([reason, count]) => ({ reason, count: reckoned(count) }));
  return [...outside, { reason: 'no_pair' as const, count: withoutPair }, ...met].filter(({ count }) => count > 0);
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
