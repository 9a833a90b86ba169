import type { EntityManager } from 'typeorm';
import type { SnapshotSelection } from '@qingnang/contracts';
import type { SnapshotEntity } from '../snapshot.entity.js';
import { type Candidate, candidates, type SelectionSource } from './candidate.js';
import type { Leak, LeakIndex } from './leak-index.js';
import type { LeftOutFiles } from './left-out-files.js';
import { loadLeaks } from './load-leaks.js';
import { splitOf } from './split-of.js';

const BATCH = 1000;

/** Ordinals of items just written: from, and up to but not with. */
export interface Written {
  from: number;
  to: number;
}

/**
 * Writes the items of a snapshot, in the order of their ids, batch by batch, and tells of each batch. Texts that may not
 * be trained on, that descend from the rehearsal model (unless asked for), or that repeat an evaluation question stay
 * out and are named in `leftOut`.
 */
export async function* selectItems(
  tx: EntityManager,
  snapshot: SnapshotEntity,
  salt: string,
  { source, leftOut }: { source: SelectionSource; leftOut: LeftOutFiles },
): AsyncGenerator<Written> {
  const leaks = await loadLeaks(tx, snapshot.projectId);
  let items = 0;
  let batch: Candidate[] = [];
  const write = async (): Promise<Written> => {
    await insertItems(tx, snapshot, salt, batch, items);
    const written = { from: items, to: items + batch.length };
    items = written.to;
    batch = [];
    return written;
  };
  for await (const candidate of candidates(source, tx, snapshot.projectId, snapshot.selection, {
    questions: !leaks.empty,
  })) {
    const reason = reasonToLeaveOut(candidate, snapshot.selection, leaks);
    if (reason) await leftOut.add(reason, candidate.id);
    else if (batch.push(candidate) === BATCH) yield await write();
  }
  if (batch.length > 0) yield await write();
}

/** Null for what is taken; the reasons stand in the manifest. */
export function reasonToLeaveOut(
  candidate: Candidate,
  selection: SnapshotSelection,
  leaks: LeakIndex,
): 'not_allowed_for_training' | 'rehearsal' | Leak | null {
  if (!candidate.trainable) return 'not_allowed_for_training';
  if (candidate.rehearsal && !selection.includeRehearsal) return 'rehearsal';
  return leaks.find(candidate.question, candidate.questionHash);
}

async function insertItems(
  tx: EntityManager,
  snapshot: SnapshotEntity,
  salt: string,
  batch: readonly Candidate[],
  from: number,
): Promise<void> {
  await tx.query(
    `insert into snapshot_item (snapshot_id, project_id, ordinal, split, item_type, record_id, group_id, version_id,
       prompt_id, chosen_id, rejected_id, reference_id, weight, margin, rank_group, evidence, rehearsal)
     select $1, $2, x.* from jsonb_to_recordset($3::jsonb) as x (ordinal integer, split text, type text, record_id uuid,
       group_id text, version_id uuid, prompt_id uuid, chosen_id uuid, rejected_id uuid, reference_id uuid,
       weight double precision, margin double precision, rank_group text, evidence text, rehearsal boolean)`,
    [
      snapshot.id,
      snapshot.projectId,
      JSON.stringify(
        batch.map((item, i) => ({
          ordinal: from + i,
          split: splitOf(salt, item.groupId, snapshot.selection.splits),
          type: item.type,
          record_id: item.recordId,
          group_id: item.groupId,
          version_id: item.versionId,
          prompt_id: item.promptId,
          chosen_id: item.chosenId,
          rejected_id: item.rejectedId,
          reference_id: item.referenceId,
          weight: item.weight,
          margin: item.margin,
          rank_group: item.rankGroup,
          evidence: item.evidence,
          rehearsal: item.rehearsal,
        })),
      ),
    ],
  );
}
