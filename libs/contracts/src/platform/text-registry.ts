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
  { table: 'draft', column: 'body', ...viaSlot, erase: 'null' },
  { table: 'answer', column: 'comment', ...viaSlot, erase: 'null' },
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

/** Text columns that cannot hold such words, and why. */
export const textExempt: readonly { reason: string; columns: readonly string[] }[] = [
  {
    reason: 'about people who work here, not about patients',
    columns: [
      'person.login',
      'person.display_name',
      'person.language',
      'membership.roles',
      'membership.departments',
      'membership.licence_number',
      'membership.title',
      'invite.display_name',
      'invite.roles',
      'invite.departments',
    ],
  },
  {
    reason: 'secrets, hashes and keys, from which no text can be had back',
    columns: [
      'person.password_hash',
      'session.refresh_hash',
      'invite.token_hash',
      'reset_token.token_hash',
      'api_key.prefix',
      'api_key.key_hash',
      'rate_counter.key',
      'attempt_delay.key',
      'known_device.device_hash',
      'idempotency_key.key',
      'idempotency_key.body_hash',
      'idempotency_key.content_hash',
      'provider.encrypted_key',
      'project.split_salt',
      'upload.sha256',
      'upload.blob_key',
      'record.identity_hash',
      'record.question_hash',
      'record_signal.group_id',
      'llm_item.idempotency_key',
      'llm_call.request_hash',
      'llm_call.idempotency_key',
      'candidate.checkpoint_hash',
      'suite_item.question_hash',
      'snapshot.digest',
      'snapshot_item.group_id',
      'checkpoint.weights_hash',
      'model.weights_hash',
      'run_input.digest',
      'run_artefact.sha256',
    ],
  },
  {
    reason: 'one of a few fixed words: a state, a kind, a code',
    columns: [
      'access_lease.kind',
      'person.state',
      'answer.fate',
      'audit_entry.actor_kind',
      'audit_entry.action',
      'audit_entry.subject_type',
      'api_key.scopes',
      'provider.kind',
      'provider.state',
      'provider.currency',
      'prompt_template.purpose',
      'llm_job.purpose',
      'llm_job.state',
      'llm_job.parent_type',
      'llm_job.fault_code',
      'llm_job.fault_param',
      'llm_job_role.role',
      'llm_item.role',
      'model_breaker.reason',
      'llm_item.subject_type',
      'llm_item.state',
      'llm_item.result_type',
      'llm_item.error_code',
      'llm_call.purpose',
      'llm_call.state',
      'llm_call.error_code',
      'llm_call.finish',
      'llm_call.answer_type',
      'model_answer.answer_type',
      'budget.scope',
      'budget.currency',
      'reservation.state',
      'source.allowed_use',
      'source.language',
      'import.data_set',
      'import.state',
      'import.known_ids',
      'import_file.role',
      'import_undo_kept.reason',
      'record.data_set',
      'record.language',
      'record.state',
      'record_hold.kind',
      'record_hold.reason_code',
      'record.flags',
      'source_set.allowed_use',
      'version.kind',
      'version.made_by_kind',
      'occurrence.outcome',
      'occurrence.notes',
      'rejected_row.reason',
      'rejected_row.field',
      'approval.rule',
      'task_set.kind',
      'task_set.roles',
      'task_set.state',
      'subject.kind',
      'prompt.subject_kind',
      'task.state',
      'slot.state',
      'assignment.outcome',
      'answer.verdict',
      'answer.result_type',
      'answer.reason_code',
      'answer.flags',
      'exposure.what',
      'notification.kind',
      'notification.subject_type',
      'reference.kind',
      'judgement.origin',
      'judgement.reference_grade',
      'suite.state',
      'snapshot.kind',
      'snapshot.state',
      'snapshot_item.split',
      'snapshot_item.item_type',
      'snapshot_item.evidence',
      'run.method',
      'run.state',
      'run.wish',
      'run.launcher',
      'run_attempt.launcher',
      'run_attempt.state',
      'run_metric.key',
      'model.stage',
      'model.state',
      'run_input.role',
      'model_server.state',
      'schedule.state',
      'schedule_tick.trigger',
      'schedule_tick.outcome',
      'schedule_tick.code',
      'evaluation.state',
      'verdict.origin',
      'verdict.shown_first',
      'answer_pair.subject_kind',
      'entrant.kind',
      'evaluation_judge.kind',
      'verdict.outcome',
    ],
  },
  {
    reason: 'ids of rows, processes and requests',
    columns: [
      'audit_entry.actor_id',
      'audit_entry.subject_id',
      'audit_entry.request_id',
      'idempotency_key.actor_id',
      'idempotency_key.route',
      'idempotency_key.resource_id',
      'worker_heartbeat.worker_id',
      'llm_item.lease_owner',
      'version.made_by_id',
      'snapshot_item.rank_group',
      'model_server.worker_id',
    ],
  },
  {
    reason: 'ids, hashes, states and counts only, by the rule of the audit log',
    columns: ['audit_entry.before', 'audit_entry.after'],
  },
  {
    reason: 'names and words the data lead gives to things, about sources and settings',
    columns: [
      'installation_setting.key',
      'installation_setting.value',
      'project.slug',
      'project.name',
      'project.description',
      'api_key.name',
      'provider.name',
      'provider.base_url',
      'provider.models',
      'prompt_template.key',
      'prompt_template.name',
      'prompt_version.system_text',
      'prompt_version.user_text',
      'prompt_version.variables',
      'prompt_version.settings',
      'llm_job.name',
      'llm_job.model',
      'llm_job.settings',
      'llm_job_role.model',
      'model_breaker.model',
      'llm_call.model',
      'source.name',
      'source.origin',
      'source.licence',
      'source.terms',
      'import.plan',
      'version.model',
      'task_set.name',
      'task_set.departments',
      'task_set.settings',
      'candidate.model',
      'candidate.settings',
      'rubric_version.key',
      'rubric_version.dimensions',
      'suite.name',
      'snapshot.name',
      'snapshot.folder',
      'run.name',
      'run.config',
      'run.trained_elsewhere',
      'run.folder',
      'checkpoint.folder',
      'model.name',
      'model.folder',
      'schedule.name',
      'schedule.cron',
      'schedule.time_zone',
      'schedule.run_template',
      'run_artefact.path',
      'evaluation.name',
      'evaluation.settings',
      'entrant.name',
      'entrant.provider_model',
      'evaluation_judge.model',
      'evaluation_judge.settings',
    ],
  },
  {
    reason: 'kept counts: names of topics, and states, labels and ids to count by',
    columns: [
      'tally.topic',
      'tally.key',
      'tally_delta.topic',
      'tally_delta.key',
      'tally_total.topic',
      'tally_total.key',
      'tally_hour.topic',
      'tally_hour.key',
    ],
  },
  {
    reason: 'labels of a taxonomy: department, intent, category',
    columns: ['record.department', 'record.intent', 'suite_item.department', 'suite_item.category'],
  },
  {
    reason: 'numbers, counts and ids in JSON',
    columns: [
      'llm_job.estimate',
      'import.reasons',
      'import.notes',
      'judgement_item.scores',
      'snapshot.manifest',
      'run.result',
      'run_attempt.handle',
      'evaluation.summary',
    ],
  },
  {
    reason: 'sentences of our own about a failure, made without quoting what was read',
    columns: [
      'import.failure',
      'import.failure_said',
      'import_undo.failure',
      'rejected_row.detail',
      'rejected_row.said',
      'snapshot.failure',
      'run.failure',
      'schedule_tick.detail',
      'model_server.failure',
      'evaluation.failure',
    ],
  },
];
