/**
 * Where a patient's or a reply's words may stand, so that they can be found and erased. A test compares these lists
 * with the database: a new text, text[], jsonb or bytea column belongs in one of them.
 */
export interface TextPlace {
  table: string;
  column: string;
  /** SQL that leads from `table t` to its record. */
  join: string;
  /** The record's id, in terms of `t` and the join; may be null where the row belongs to no record. */
  record: string;
  erase: Erasure;
}

/**
 * null: the column is emptied, with `removal_id` where the table has one. empty: set to '' or '{}'.
 * row: the row goes. text_key: the key `text` of a stored filter goes. frozen: cannot be changed in place; the snapshot
 * is withdrawn, and a successor without the record offered.
 */
export type Erasure = 'null' | 'empty' | 'row' | 'text_key' | 'frozen';

const self = { join: '', record: 't.record_id' };
const viaPrompt = { join: 'join prompt p on p.id = t.prompt_id', record: 'p.record_id' };
/** An item's subject is a record, or a prompt of one; suite items and models' answers belong to no record. */
const itemSubject = 'left join prompt p on p.id = i.subject_id left join record r on r.id = i.subject_id';
const viaItem = {
  join: `join llm_call c on c.id = t.call_id left join llm_item i on i.id = c.item_id ${itemSubject}`,
  record: 'coalesce(p.record_id, r.id)',
};
const viaSuiteItem = {
  join: `join suite_item s on s.id = t.suite_item_id
    left join record r on r.project_id = s.project_id and r.question_hash = s.question_hash`,
  record: 'r.id',
};
const viaQuestion = {
  join: 'left join record r on r.project_id = t.project_id and r.question_hash = t.question_hash',
  record: 'r.id',
};
/** A pair of answers leads to its question, and by that to the records that ask it. */
const viaPair = (pair: string) => ({
  join: `join answer_pair k on k.id = ${pair} join suite_item s on s.id = k.suite_item_id
    left join record r on r.project_id = s.project_id and r.question_hash = s.question_hash`,
  record: 'r.id',
});
/** A slot is about a record, or about a pair of answers to a question. */
const slotSubject = `left join answer_pair k on k.id = s.subject_id left join suite_item q on q.id = k.suite_item_id
    left join record r on r.project_id = q.project_id and r.question_hash = q.question_hash`;
const viaSlot = {
  join: `join slot s on s.id = t.slot_id ${slotSubject}`,
  record: 'coalesce(s.record_id, r.id)',
};
/** Words typed into a filter may be a patient's; they belong to whatever they find. */
const anyRecord = { join: '', record: 'null::uuid' };

export const textRegistry: readonly TextPlace[] = [
  { table: 'version', column: 'turns', ...self, erase: 'null' },
  { table: 'rejected_row', column: 'raw', ...anyRecord, erase: 'null' },
  { table: 'occurrence', column: 'outside_id', ...self, erase: 'null' },
  { table: 'record', column: 'patient_key', join: '', record: 't.id', erase: 'null' },
  { table: 'record', column: 'dialogue_key', join: '', record: 't.id', erase: 'null' },
  { table: 'approval', column: 'reason', ...self, erase: 'empty' },
  { table: 'record_hold', column: 'reason', ...self, erase: 'null' },
  { table: 'record_hold', column: 'ended_reason', ...self, erase: 'null' },
  { table: 'bulk_job', column: 'filter', ...anyRecord, erase: 'text_key' },
  { table: 'bulk_job', column: 'reason', ...anyRecord, erase: 'null' },
  { table: 'upload', column: 'file_name', ...anyRecord, erase: 'empty' },

  {
    table: 'llm_item',
    column: 'error_detail',
    join: `join llm_item i on i.id = t.id ${itemSubject}`,
    record: 'coalesce(p.record_id, r.id)',
    erase: 'null',
  },
  { table: 'llm_payload', column: 'request', ...viaItem, erase: 'null' },
  { table: 'llm_payload', column: 'answer', ...viaItem, erase: 'null' },
  { table: 'llm_payload', column: 'reasoning', ...viaItem, erase: 'null' },
  // Tasks and turns of distillation: a model's words, on the way to their record.
  { table: 'llm_item', column: 'params', ...anyRecord, erase: 'empty' },
  { table: 'llm_job', column: 'filter', ...anyRecord, erase: 'text_key' },
  { table: 'llm_job', column: 'failure', ...anyRecord, erase: 'null' },
  { table: 'llm_job', column: 'fault_said', ...anyRecord, erase: 'null' },

  { table: 'task_set', column: 'filter', ...anyRecord, erase: 'text_key' },
  { table: 'approval_rule', column: 'filter', ...anyRecord, erase: 'text_key' },
  { table: 'approval_rule', column: 'reason', ...anyRecord, erase: 'null' },
  { table: 'approval_rule', column: 'stop_reason', ...anyRecord, erase: 'null' },
  { table: 'draft', column: 'body', ...viaSlot, erase: 'null' },
  { table: 'answer', column: 'comment', ...viaSlot, erase: 'null' },
  { table: 'thread', column: 'body', join: 'join task k on k.id = t.task_id', record: 'k.record_id', erase: 'null' },
  { table: 'answer_fact', column: 'was_text', ...viaSlot, erase: 'null' },
  { table: 'answer_fact', column: 'is_text', ...viaSlot, erase: 'null' },
  { table: 'answer_fact', column: 'of_drug', ...viaSlot, erase: 'null' },
  {
    table: 'assignment',
    column: 'reason',
    join: `join slot s on s.id = t.slot_id ${slotSubject}`,
    record: 'coalesce(s.record_id, r.id)',
    erase: 'null',
  },

  { table: 'reference', column: 'text', ...viaPrompt, erase: 'null' },
  { table: 'candidate', column: 'text', ...viaPrompt, erase: 'null' },
  { table: 'judgement', column: 'reason', ...viaPrompt, erase: 'null' },
  { table: 'judgement', column: 'reference_reason', ...viaPrompt, erase: 'null' },

  { table: 'suite_item', column: 'messages', ...viaQuestion, erase: 'null' },
  { table: 'suite_item', column: 'reference', ...viaQuestion, erase: 'null' },
  { table: 'snapshot', column: 'selection', ...anyRecord, erase: 'frozen' },
  { table: 'model_answer', column: 'turns', ...viaSuiteItem, erase: 'null' },
  { table: 'verdict', column: 'reason', ...viaPair('t.pair_id'), erase: 'null' },
  { table: 'subject', column: 'title', ...viaPair('t.id'), erase: 'null' },
];

/** Files with such words, below the data folder unless said otherwise, and what happens to them. */
export const textFiles: readonly { where: string; erase: string }[] = [
  { where: 'uploads', erase: 'the file goes with the upload; its import keeps counts and hashes' },
  { where: 'snapshots', erase: 'the snapshot is withdrawn: files deleted, manifest kept, a successor offered' },
  {
    where: 'runs: samples.jsonl, log.txt',
    erase: 'deleted with the run; weights cannot be searched, so the model is withdrawn',
  },
  { where: 'backups', erase: 'by their retention; a restored backup is erased again from the requests kept' },
  { where: 'the browser: drafts not yet sent', erase: 'overwritten by the next draft, gone on sign-out' },
];
