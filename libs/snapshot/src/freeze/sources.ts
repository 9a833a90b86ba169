import type { SnapshotKind } from '@qingnang/contracts';
import { recordFilterSql } from '@qingnang/corpus';
import { selectPairs, selectPrompts } from '@qingnang/preference';
import type { Selected, SelectionSource } from './candidate.js';

const PAGE = 1000;

const NOTHING = {
  versionId: null,
  promptId: null,
  chosenId: null,
  rejectedId: null,
  referenceId: null,
  weight: 1,
  margin: null,
  rankGroup: null,
  evidence: null,
} satisfies Partial<Selected>;

/** The approved version of each record of the filter that has an answer to learn from. */
const approvedTexts: SelectionSource = async function* (tx, projectId, selection, share = 1) {
  const params: unknown[] = [projectId];
  const conditions = recordFilterSql(selection.filter, params);
  const how = selection.how === undefined ? '' : ` and a.how = $${params.push(selection.how)}`;
  // The planner knows how much of a table a sample is, as it does not of a condition over hashes.
  const sample = share < 1 ? `tablesample bernoulli (${share * 100}) repeatable (0)` : '';
  // A cursor sorts once; pages by key would sort all that is left for each of them. All of it will be read.
  await tx.query(`set local cursor_tuple_fraction = 1`);
  await tx.query(
    `declare approved_texts no scroll cursor for
     select v.id, r.id as "recordId", v.rehearsal
     from record r
     join approval a ${sample} on a.record_id = r.id and a.until_at is null
     join version v on v.id = a.version_id
     where r.project_id = $1 and not r.question_only and v.turns is not null and ${conditions}${how}
     order by v.id`,
    params,
  );
  for (let more = true; more;) {
    const rows: { id: string; recordId: string; rehearsal: boolean }[] = await tx.query(
      `fetch ${PAGE} from approved_texts`,
    );
    for (const row of rows) yield { ...NOTHING, ...row, type: 'version', versionId: row.id };
    more = rows.length === PAGE;
  }
  await tx.query('close approved_texts');
};

const judgedPairs: SelectionSource = async function* (tx, projectId, selection, share = 1) {
  const { minMargin, filter } = selection;
  for await (const pair of selectPairs(tx, projectId, filter, { minMargin, share })) {
    yield { ...NOTHING, ...pair, id: `${pair.chosenId}:${pair.rejectedId}`, type: 'pair' };
  }
};

const prompts: SelectionSource = async function* (tx, projectId, { filter }, share = 1) {
  for await (const prompt of selectPrompts(tx, projectId, filter, { share })) {
    const { promptId, recordId, referenceId, rehearsal } = prompt;
    yield { ...NOTHING, id: promptId, type: 'prompt', promptId, recordId, referenceId, rehearsal };
  }
};

/** Where the items of each kind of snapshot come from. */
export const SOURCES: Record<Exclude<SnapshotKind, 'evaluation'>, SelectionSource> = {
  sft: approvedTexts,
  preference: judgedPairs,
  prompts,
};
