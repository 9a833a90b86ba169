import type { EntityManager } from 'typeorm';
import type { DataSet, MadeBy } from '@qingnang/contracts';
import { copyRows } from '@qingnang/database';
import { hashBytes } from '@qingnang/kernel';
import { storedTurns } from '../records/stored-turns.js';
import { refreshSourceSets, setOfSource } from '../sources/source-sets.js';
import type { SourceEntity } from '../sources/source.entity.js';
import { inheritRehearsal, storeParents } from './descent.js';
import { identityKeySql } from './identity-key-sql.js';
import { GROUP_ID } from './join-groups.js';
import type { CreatedRecord, PreparedDialogue } from './prepare-dialogue.js';

/** What all dialogues of one call have in common. */
export interface RecordOrigin {
  projectId: string;
  dataSet: DataSet;
  /**
   * Whose terms the words are under, held by the caller's transaction (`lockSource`): the source of a file, or the one
   * that stands for a model and its provider's terms.
   */
  source: Pick<SourceEntity, 'id' | 'projectId' | 'language' | 'synthetic'>;
  /** Words of a file, or words a model made. */
  kind: 'import' | 'distil';
  madeBy: MadeBy;
  promptVersionId?: string | null;
  model?: string | null;
}

/**
 * Makes records of dialogues, in the caller's transaction: the one way in for files and for models alike. One result a
 * dialogue, in their order.
 *
 *     const source = await lockSource(tx, projectId, sourceId);
 *     const dialogues = answers.map(({ turns, itemId }) =>
 *       prepareDialogue({ turns, madeBy: { kind: 'llm', id: callId }, llmItemId: itemId,
 *         parents: [{ recordId, versionId }] }));
 *     await createRecords(tx, dialogues, { projectId, dataSet: 'distilled_conversation', source, kind: 'distil',
 *       madeBy: { kind: 'llm', id: jobId }, promptVersionId, model });
 *
 * Use follows words and descent: a record takes the narrowest allowed use of its source and all its parents, their split
 * group, and their rule of what may leave the house; text made from an evaluation case can only be evaluated with. Name
 * every text that went into the prompt, examples and background too.
 */
export async function createRecords(
  tx: EntityManager,
  dialogues: readonly PreparedDialogue[],
  origin: RecordOrigin,
): Promise<CreatedRecord[]> {
  const byHash = new Map<string, PreparedDialogue>();
  for (const one of dialogues) if (!byHash.has(one.identityHash)) byHash.set(one.identityHash, one);
  // Sorted, so that two callers with the same words wait for each other instead of locking each other out.
  const first = [...byHash.values()].sort((a, b) => (a.identityHash < b.identityHash ? -1 : 1));
  await inheritRehearsal(tx, first);
  const inserted = await insertRecords(tx, first, origin);
  const fresh = first.filter((one) => inserted.has(one.identityHash));
  await insertVersions(tx, fresh, origin);
  await joinDerived(
    tx,
    origin.projectId,
    fresh.filter((one) => one.derivedFromRecordId !== null),
  );
  const known = await knownRecords(tx, origin, first, inserted);
  const revived = await revive(tx, known, byHash, origin);
  const created = dialogues.map((one): CreatedRecord => {
    const record = known.get(one.identityHash)!;
    const found = { recordId: record.id, versionId: record.import_version_id };
    if (revived.get(record.id) === one) return { ...found, outcome: 'accepted' };
    if (record.state === 'withdrawn' && !revived.has(record.id)) return { ...found, outcome: 'withdrawn' };
    return { ...found, outcome: record.id === one.recordId ? 'accepted' : 'duplicate' };
  });
  await storeParents(tx, origin.projectId, dialogues, created);
  return created;
}

/** What was derived from a record stands in its group. */
async function joinDerived(tx: EntityManager, projectId: string, derived: readonly PreparedDialogue[]): Promise<void> {
  if (derived.length === 0) return;
  await tx.query(
    `insert into record_signal (record_id, project_id, group_id)
     select x.id, $2, ${GROUP_ID} from jsonb_to_recordset($1::jsonb) as x (id uuid, derived_from uuid)
     join record r on r.id = x.derived_from left join record_signal g on g.record_id = r.id`,
    [JSON.stringify(derived.map((one) => ({ id: one.recordId, derived_from: one.derivedFromRecordId }))), projectId],
  );
}

/** The identity hashes of those that were new. */
async function insertRecords(
  tx: EntityManager,
  dialogues: readonly PreparedDialogue[],
  origin: RecordOrigin,
): Promise<Set<string>> {
  const { source } = origin;
  // Lists, since taking rows apart from JSON costs the server a third of what it stores them for.
  const known: { identity_hash: string }[] = await tx.query(
    `with given as (
       select * from unnest($6::uuid[], $7::uuid[], $8::text[], $9::text[], $10::text[], $11::boolean[], $12::text[],
         $13::integer[], $14::integer[], $15::uuid[]) as x (id, version_id, identity_hash, question_hash, department,
         question_only, flags, turn_count, character_count, derived_from)),
     made as (
       insert into record (id, project_id, data_set, department, language, identity_hash, question_hash, question_only,
         flags, synthetic, source_set_id, import_version_id, latest_version_id, turn_count, character_count,
         derived_from_record_id)
       select x.id, $1, $2, x.department, $3, decode(x.identity_hash, 'hex'), decode(x.question_hash, 'hex'),
         x.question_only, string_to_array(x.flags, ','), $4, $5, x.version_id, x.version_id, x.turn_count,
         x.character_count, x.derived_from
       from given x
       on conflict (${identityKeySql('project_id', 'data_set', 'identity_hash')}) do nothing
       returning id)
     select identity_hash from given where id not in (select id from made)`,
    [
      ...[origin.projectId, origin.dataSet, source.language, source.synthetic, await setOfSource(tx, source)],
      ...columnsOf(dialogues),
    ],
  );
  const inserted = new Set(dialogues.map((one) => one.identityHash));
  for (const { identity_hash } of known) inserted.delete(identity_hash);
  return inserted;
}

/** A list a column, in the order in which `insertRecords` reads them. */
function columnsOf(dialogues: readonly PreparedDialogue[]): unknown[][] {
  const column = (value: (one: PreparedDialogue) => unknown): unknown[] => dialogues.map(value);
  return [
    column((one) => one.recordId),
    column((one) => one.versionId),
    column((one) => one.identityHash),
    column((one) => one.questionHash),
    column((one) => one.department),
    column((one) => one.questionOnly),
    column((one) => (one.flags.length > 0 ? one.flags.join(',') : null)),
    column((one) => one.turns.length),
    column((one) => one.characterCount),
    column((one) => one.derivedFromRecordId),
  ];
}

const VERSION_COLUMNS = [
  ...['id', 'project_id', 'record_id', 'kind', 'turns', 'rehearsal', 'made_by_kind', 'made_by_id'],
  ...['llm_item_id', 'prompt_version_id', 'model'],
];

/** The versions that first say these dialogues. */
export async function insertVersions(
  tx: EntityManager,
  dialogues: readonly Pick<PreparedDialogue, 'versionId' | 'recordId' | 'turns' | 'rehearsal' | 'llmItemId'>[],
  { projectId, kind, madeBy, promptVersionId = null, model = null }: RecordOrigin,
): Promise<void> {
  await copyRows(
    tx,
    'version',
    VERSION_COLUMNS,
    dialogues.map((one) => [
      ...[one.versionId, projectId, one.recordId, kind, JSON.stringify(storedTurns(one.turns, madeBy)), one.rehearsal],
      ...[madeBy.kind, madeBy.id, one.llmItemId, promptVersionId, model],
    ]),
  );
}

/** Brings back records that went when an import was undone, each with the first dialogue that says its words again. */
async function revive(
  tx: EntityManager,
  known: ReadonlyMap<string, KnownRecord>,
  byHash: ReadonlyMap<string, PreparedDialogue>,
  { source }: RecordOrigin,
): Promise<Map<string, PreparedDialogue>> {
  const undone = [...known.values()].filter(
    (record) => record.state === 'withdrawn' && record.undone_import_id !== null,
  );
  if (undone.length === 0) return new Map();
  const ids = undone.map((record) => record.id);
  await tx.query(
    `update record set state = 'imported', undone_import_id = null, synthetic = $2, updated_at = now()
     where id = any($1::uuid[])`,
    [ids, source.synthetic],
  );
  await refreshSourceSets(tx, source.projectId, ids, new Map(ids.map((id) => [id, source.id])));
  return new Map(undone.map((record) => [record.id, byHash.get(record.identity_hash)!]));
}

interface KnownRecord {
  identity_hash: string;
  id: string;
  state: string;
  import_version_id: string;
  undone_import_id: string | null;
}

/**
 * The records that say these dialogues, by hash. Those that were there before are held until the transaction ends: one whose
 * import is being taken back at this moment is seen as withdrawn, and of two sources that say the same words the second
 * works out their use with the first's word in it.
 */
async function knownRecords(
  tx: EntityManager,
  origin: RecordOrigin,
  dialogues: readonly PreparedDialogue[],
  inserted: ReadonlySet<string>,
): Promise<Map<string, KnownRecord>> {
  const known = new Map<string, KnownRecord>();
  for (const { identityHash, recordId, versionId } of dialogues) {
    if (!inserted.has(identityHash)) continue;
    known.set(identityHash, {
      ...{ identity_hash: identityHash, id: recordId, import_version_id: versionId },
      ...{ state: 'imported', undone_import_id: null },
    });
  }
  const hashes = dialogues.map((one) => one.identityHash).filter((hash) => !inserted.has(hash));
  if (hashes.length === 0) return known;
  const found: KnownRecord[] = await tx.query(
    `select encode(identity_hash, 'hex') as identity_hash, id, state, import_version_id, undone_import_id from record
     where ${identityKeySql('project_id', 'data_set', 'identity_hash')} in (
       select ${identityKeySql('$1::uuid', '$2', 'hash')} from unnest($3::bytea[]) hash)
     order by record.identity_hash for no key update`,
    [origin.projectId, origin.dataSet, hashes.map(hashBytes)],
  );
  for (const row of found) known.set(row.identity_hash, row);
  return known;
}
