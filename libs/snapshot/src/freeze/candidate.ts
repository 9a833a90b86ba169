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

/** Of records at once; a thousand dialogues are a few megabytes. */
const BATCH = 1000;

export interface CandidateOptions {
  /** Whether what the patient asks is read too, which only a comparison with evaluation texts needs. */
  questions: boolean;
  /** Only of about this share, for a look. */
  share?: number;
}

interface RecordFacts {
  id: string;
  groupId: string;
  trainable: boolean;
  questionHash: string | null;
  turns: Turn[] | null;
}

/**
 * A record is trainable if it and everything it was made from may be trained on. The chain is walked anew here, so that
 * what a parent lost while a child was being made is seen. Each of the line is looked up by its key, in a lateral query
 * that `offset 0` keeps whole: left to itself the planner reads all records for every batch.
 */
const FACTS = (questions: boolean): string => `
  with recursive ${lineSql('select unnest($1::uuid[]) as id')},
  barred as (
    select l.root from line l
      cross join lateral (select a.source_set_id from record a where a.id = l.record_id offset 0) a
      join source_set w on w.id = a.source_set_id
    where not 'train' = any(w.allowed_use)
    union ${FROM_CASES})
  select r.id, r."groupId", r."questionHash", b.root is null as trainable, ${questions ? 'v.turns' : 'null as turns'}
  from unnest($1::uuid[]) one (id)
    cross join lateral (
      select r.id, encode(${GROUP_ID}, 'hex') as "groupId", encode(r.question_hash, 'hex') as "questionHash",
        r.import_version_id
      from record r left join record_signal g on g.record_id = r.id
      where r.id = one.id and r.state not in ('held_back', 'withdrawn') offset 0) r
    ${questions ? 'cross join lateral (select v.turns from version v where v.id = r.import_version_id offset 0) v' : ''}
    left join barred b on b.root = r.id`;

/** Adds what the records say. Records put aside or withdrawn give no candidates. */
export async function* candidates(
  source: SelectionSource,
  tx: EntityManager,
  projectId: string,
  selection: SnapshotSelection,
  { questions, share = 1 }: CandidateOptions,
): AsyncGenerator<Candidate> {
  // Lines are short; the planner takes them for long ones, and would have each batch's statement compiled.
  await tx.query('set local jit = off');
  let batch: Selected[] = [];
  for await (const one of source(tx, projectId, selection, share)) {
    if (batch.push(one) < BATCH) continue;
    yield* withFacts(tx, batch, questions);
    batch = [];
  }
  yield* withFacts(tx, batch, questions);
}

async function* withFacts(
  tx: EntityManager,
  batch: readonly Selected[],
  questions: boolean,
): AsyncGenerator<Candidate> {
  const rows: RecordFacts[] = await tx.query(FACTS(questions), [[...new Set(batch.map((one) => one.recordId))]]);
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
