import type { EntityManager } from 'typeorm';
import { refreshSourceSets } from '../sources/source-sets.js';
import { joinGroups } from './join-groups.js';
import type { CreatedRecord, PreparedDialogue } from './prepare-dialogue.js';

/** What is made from the rehearsal model's words is rehearsal, whoever made it. */
export async function inheritRehearsal(tx: EntityManager, dialogues: readonly PreparedDialogue[]): Promise<void> {
  const versions = dialogues.flatMap((one) => one.parents).flatMap((p) => ('versionId' in p ? [p.versionId] : []));
  if (versions.length === 0) return;
  const rows: { id: string }[] = await tx.query('select id from version where id = any($1::uuid[]) and rehearsal', [
    versions,
  ]);
  const rehearsed = new Set(rows.map((row) => row.id));
  for (const one of dialogues) {
    if (!one.parents.some((parent) => 'versionId' in parent && rehearsed.has(parent.versionId))) continue;
    one.rehearsal = true;
    one.turns = one.turns.map((turn) => ({ ...turn, rehearsal: true }));
  }
}

/** Writes down what records were made from, and lets them take their parents' narrowest use and their group. */
export async function storeParents(
  tx: EntityManager,
  projectId: string,
  dialogues: readonly PreparedDialogue[],
  created: readonly CreatedRecord[],
): Promise<void> {
  const rows = dialogues.flatMap((one, i) => {
    const { recordId, outcome } = created[i]!;
    return outcome === 'withdrawn' ? [] : parentRows(recordId, one);
  });
  if (rows.length === 0) return;
  await tx.query(
    `insert into record_parent (record_id, project_id, n, parent_record_id, parent_version_id, parent_reference_id,
       parent_suite_item_id)
     select x.record_id, $2,
       coalesce((select max(n) + 1 from record_parent p where p.record_id = x.record_id), 0)
         + row_number() over (partition by x.record_id order by x.place) - 1,
       x.parent_record_id, x.parent_version_id, x.parent_reference_id, x.parent_suite_item_id
     from (select distinct on (record_id, parent_version_id, parent_reference_id, parent_suite_item_id) *
       from jsonb_to_recordset($1::jsonb) as y (place integer, record_id uuid, parent_record_id uuid,
         parent_version_id uuid, parent_reference_id uuid, parent_suite_item_id uuid)) x
     where not exists (select from record_parent p where p.record_id = x.record_id
       and p.parent_version_id is not distinct from x.parent_version_id
       and p.parent_reference_id is not distinct from x.parent_reference_id
       and p.parent_suite_item_id is not distinct from x.parent_suite_item_id)`,
    [JSON.stringify(rows.map((row, place) => ({ ...row, place }))), projectId],
  );
  const children = [...new Set(rows.map((row) => row.record_id))];
  await tx.query(
    `update record r set synthetic = true where r.id = any($1::uuid[]) and not r.synthetic and exists (
       select from record_parent p join record a on a.id = p.parent_record_id where p.record_id = r.id and a.synthetic)`,
    [children],
  );
  await refreshSourceSets(tx, projectId, children);
  await joinGroups(tx, projectId, children);
}

function parentRows(recordId: string, one: PreparedDialogue) {
  return one.parents
    .map((parent) => ({
      record_id: recordId,
      parent_record_id: 'recordId' in parent ? parent.recordId : null,
      parent_version_id: 'recordId' in parent ? parent.versionId : null,
      parent_reference_id: 'recordId' in parent ? (parent.referenceId ?? null) : null,
      parent_suite_item_id: 'suiteItemId' in parent ? parent.suiteItemId : null,
    }))
    .filter((row) => row.parent_record_id !== recordId);
}
