import type { EntityManager } from 'typeorm';
import type { PreferenceRow, SnapshotSelection, Turn } from '@qingnang/contracts';
import { FROM_CASES, GROUP_ID, lineSql } from '@qingnang/corpus';

/** Something that could become an item of a snapshot. What a kind has not is null. */
export interface Selected {
  /** Names it in the manifest; orders the items together with the source's own order. */
  id: string;
  type: 'version' | 'pair' | 'prompt';
  recordId: string;
  versionId: string | null;
  promptId: string | null;
  chosenId: string | null;
  rejectedId: string | null;
  referenceId: string | null;
  weight: number;
  margin: number | null;
  rankGroup: string | null;
  evidence: PreferenceRow['evidence'] | null;
  rehearsal: boolean;
}

/** With what its record says about whether it may be one. */
export interface Candidate extends Selected {
  groupId: string;
  trainable: boolean;
  /** What the patient says first, and its hash: what evaluation texts are compared with. */
  question: string;
  questionHash: string | null;
}

/** Candidates of one kind, always in the same order, a batch at a time; or those of about a share of them, for a look. */
export type SelectionSource = (
  tx: EntityManager,
  projectId: string,
  selection: SnapshotSelection,
  share?: number,
) => AsyncIterable<Selected>;

const BATCH = 1000;

interface RecordFacts {
  id: string;
  groupId: string;
  trainable: boolean;
  questionHash: string | null;
  turns: Turn[] | null;
}

/**
 * A record is trainable if it and everything it was made from may be trained on. The chain is walked anew here, so that
 * what a parent lost while a child was being made is seen.
 */
const FACTS = `
  with recursive ${lineSql('select unnest($1::uuid[]) as id')},
  barred as (
    select l.root from line l join record a on a.id = l.record_id join source_set w on w.id = a.source_set_id
    where not 'train' = any(w.allowed_use)
    union ${FROM_CASES})
  select r.id, encode(${GROUP_ID}, 'hex') as "groupId", b.root is null as trainable,
    encode(r.question_hash, 'hex') as "questionHash", v.turns
  from record r join version v on v.id = r.import_version_id left join barred b on b.root = r.id
    left join record_signal g on g.record_id = r.id
  where r.id = any($1::uuid[]) and r.state not in ('held_back', 'withdrawn')`;

/** Adds what the records say. Records put aside or withdrawn give no candidates. */
export async function* candidates(
  source: SelectionSource,
  tx: EntityManager,
  projectId: string,
  selection: SnapshotSelection,
  share = 1,
): AsyncGenerator<Candidate> {
  let batch: Selected[] = [];
  for await (const one of source(tx, projectId, selection, share)) {
    if (batch.push(one) < BATCH) continue;
    yield* withFacts(tx, batch);
    batch = [];
  }
  yield* withFacts(tx, batch);
}

async function* withFacts(tx: EntityManager, batch: readonly Selected[]): AsyncGenerator<Candidate> {
  const rows: RecordFacts[] = await tx.query(FACTS, [[...new Set(batch.map((one) => one.recordId))]]);
  const facts = new Map(rows.map((row) => [row.id, row]));
  for (const one of batch) {
    const record = facts.get(one.recordId);
    if (!record) continue;
    const { groupId, trainable, questionHash } = record;
    yield { ...one, groupId, trainable, questionHash, question: firstQuestion(record.turns ?? []) };
  }
}

/** What the patient says before the doctor first speaks. */
export function firstQuestion(turns: readonly Turn[]): string {
  const firstDoctor = turns.findIndex((turn) => turn.role === 'doctor');
  return turns
    .slice(0, firstDoctor === -1 ? turns.length : firstDoctor)
    .filter((turn) => turn.role === 'patient')
    .map((turn) => turn.text)
    .join('\n');
}
