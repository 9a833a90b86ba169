import type { errorsZh } from './errors-zh';
import type { SameKeys } from './messages';

export const errorsEn: SameKeys<typeof errorsZh> = {
  network: 'The server cannot be reached. Check the network and try again; what you typed is still here.',
  unknown: 'The server gave no reason. Try again; if it comes back, quote the code.',
  internal: 'The server failed and wrote it down. Try again; if it comes back, quote the request.',
  signed_out: 'Your sign-in has ended. Please sign in again.',
  not_found: 'This cannot be found; it may have been moved.',
  conflict: 'Something like this exists already. Look for it, or choose another name.',
  busy: 'Someone changed this at the same moment. Try again.',
  immutable: 'This is final and can no longer be changed.',
  auth: {
    required: 'Please sign in first.',
    wrong_credentials: 'Login or password is wrong. Please try again.',
    too_many_attempts: 'Too many attempts. Wait a little, then try again.',
    foreign_page: 'This came from a page of another address. Open the console itself.',
  },
  access: {
    maker_may_not: 'Whoever made this key may no longer do that.',
    people_only: 'Only people may do that, no key.',
    scope_missing: 'This key has no scope for that.',
    denied: 'Your role cannot do this. Ask a project admin if you need it.',
  },
  project: {
    slug_taken: 'A project has this short name; choose another.',
    not_found: 'The project does not exist, or you are not a member.',
  },
  person: {
    not_found: 'This person cannot be found.',
    last_installation_admin: 'This is the last installation admin; name another first.',
    login_taken: 'Someone has this login already. Choose another.',
  },
  api_key: {
    scope_beyond_role:
      'Some of these scopes are beyond your own roles, so a key of yours cannot have them. Leave them out.',
  },
  member: { last_admin: 'This is the project’s last admin. Name another one first.' },
  invite: { dead_link: 'This invite was used, taken back or has run out. Ask an admin for a new one.' },
  reset: { dead_link: 'This reset link was used or has run out. Ask an admin for a new one.' },
  revision: {
    stale: 'Someone has just changed this. Refresh and try again; what you wrote is kept.',
    missing: 'The edit does not say which revision it began with. Refresh and try again.',
  },
  idempotency: {
    in_progress: 'The same submission is still being worked on; wait a moment.',
    other_body: 'The same submission was sent with other contents. Reload and submit again.',
    bad_key: 'The key of the request is malformed; reload and try again.',
    not_kept: 'This was done already, and its answer is not kept. Refresh to see it.',
  },
  request: {
    too_long:
      'The database needed too long for this and was stopped; nothing was changed. Narrow the choice, or try again later.',
  },
  input: {
    invalid: 'Something is not filled in as it should be; look at the marked places.',
    too_deep: 'The request is nested too deeply. Send it flatter.',
    not_storable: 'The text holds a character that cannot be stored.',
    out_of_range: 'A figure is out of range.',
  },
  reference: {
    text_missing: 'Write the answer, or what you would ask first; only “cannot be answered” may stay without words.',
    exposed:
      'You have seen a model’s reply on this record. Mark the answer as written after it, or skip the task; your text is kept as a draft.',
    missing: 'What this names is not in this project.',
  },
  body: { too_large: 'This is too large; upload it as a file.', wrong_type: 'The server cannot read this kind.' },
  health: {
    database: 'The database cannot be reached. Try again in a moment.',
    disk_full:
      'The server’s disk is full: jobs wait, and what is sent now cannot be kept. Ask the administrator to free some space; everything then goes on by itself.',
  },
  webhook: {
    not_delivered:
      'The notice was not delivered: the other side did not take it. Check its address and secret, then try again.',
    address_needed: 'Enter the address that messages are to go to.',
    secret_needed:
      'Messages in this form are signed: enter a secret of 16 characters or more, also where the address changes.',
    address_refused:
      'No messages are sent to this address (link-local, metadata or unspecified range): enter the receiver’s own.',
    inside_refused:
      'This address lies on this machine or a private network: only the installation’s admin may enter it.',
    none_active: 'There is no address in use here: enter one and turn it on first.',
  },
  database: { unreachable: 'The database cannot be reached. Try again in a moment.' },
  download: { bad_ticket: 'The download address has expired. Ask for the file again.' },
  snapshot: {
    empty: 'No row gets into the snapshot that way. The preview says what each was left out for: widen the choice.',
    not_frozen: 'This snapshot has no files: it is still being frozen, or was not frozen.',
    withdrawn: 'This snapshot was withdrawn and its files deleted. Take its successor, or freeze a new version.',
    format_unfit: 'A snapshot of this kind cannot be written in that format. Download its files instead.',
  },
  provider: {
    name_taken: 'There is a provider of this name; choose another.',
    unknown_model: 'This provider does not list this model.',
    retired: 'This provider is retired; choose another.',
    built_in: 'The platform runs this itself; it cannot be changed here.',
    address_refused:
      'Calls may not go to this address. The installation’s admin checks it, or switches on “On this machine or our own network”.',
    redirects:
      'The provider sends on to another server, and nothing was sent there. The installation’s admin enters the final address.',
    key_unreadable: 'The key that was kept cannot be read; enter it again.',
  },
  prompt_template: { key_taken: 'This key is taken. Add a version to that template, or choose another key.' },
  llm_job: {
    wrong_state: 'The job’s state does not allow this; reload to see it.',
    nothing_to_do: 'This choice leaves nothing to do; widen the filter.',
    nothing_failed: 'No item has failed.',
    unknown_prompt_version: 'This prompt version is not in this project.',
    currencies_differ:
      'These models are paid in different currencies; choose providers of one, so that one budget holds.',
  },
  polish: {
    no_turn: 'This turn is not the doctor’s, so there is nothing to polish.',
    bad_choice: 'The choice of records cannot be used; check it.',
    needs_text_template: 'This model answers in plain text only; choose a plain text prompt.',
    template_lacks_place: 'The prompt has no place for the doctor’s words; choose another version.',
    not_a_polish_template: 'This is no polish prompt.',
    no_model: 'This polish was not made by a model job of this project, so there is no model to ask again.',
  },
  distil: {
    unknown_department: 'There are no backgrounds of this department; leave it empty, or choose another.',
    too_many: 'There are not so many different backgrounds for this choice; ask for fewer, or for all departments.',
  },
  llm: {
    egress_refused: 'This text may not go to an outside model; choose one that stays in the house.',
    context_too_long: 'The text is longer than the model can read; shorten it or choose another model.',
    rate_limited: 'The provider has too many requests; try again in a moment.',
    no_answer: 'The provider gave no answer; try again later.',
    answer_truncated: 'The model’s answer broke off this time. Try again, or edit the words as they are.',
    answer_filtered: 'The provider’s content filter cut this answer off. Edit the words as they are.',
    answer_refused: 'The model declined to answer this time. Try again, or edit the words as they are.',
    answer_empty: 'The model said nothing this time. Try again, or edit the words as they are.',
    answer_unparsable: 'The model’s answer could not be read this time. Try again, or edit the words as they are.',
  },
  budget_exhausted: 'The budget does not cover another call; raise its limit.',
  slot: {
    lease_lost: 'Its time ran out; what you wrote is kept as a draft.',
    base_changed: 'The source has just changed its words; what you wrote is kept as a draft.',
    skip_used: 'Somebody else has it by now, or its set is closed: it can’t be taken up again.',
    record_held_back: 'It was held back meanwhile; what you wrote is kept as a draft.',
  },
  answer: {
    used: 'A judge or a snapshot uses this answer, or its task set is closed: it stays as it is. Tell the data lead what should read otherwise.',
    not_a_doctor_turn: 'Only the doctor’s words can be changed. Reload and try again; your text is kept.',
    text_missing: 'One of the doctor’s turns is empty. Write its words, or reject the record.',
    reason_missing: 'Choose a reason for the rejection.',
    facts_unconfirmed:
      'A medicine, a dose, a negation or an urgency is not what the doctor said. Mend it, or confirm each, then hand in again.',
    undo_too_late: 'It was handed in more than ten minutes ago, or others went on from it: it can’t be taken back.',
  },
  adjudication: {
    no_doctors: 'No doctor works in this project. Invite one, or decide yourself.',
    not_a_doctor: 'This person is no doctor of this project. Choose another, or nobody by name.',
    not_its_answer: 'One of the answers is no longer the newest. Read it again.',
    set_closed: 'Its task set is closed, so nobody could take it up. Open the set first, or decide here.',
    in_hand: 'Somebody has it in hand. Wait until they hand it in or their time runs out.',
    not_waiting: 'Nobody has to decide on it any more. Read it again.',
    unknown_base: 'These words were neither shown nor handed in. Choose an answer to begin with.',
    used: 'Others have gone on from it, so it can’t be taken back.',
    not_found: 'It is not there, or was not handed to you.',
  },
  draft: {
    too_large: 'The draft is too long to be saved. Shorten it.',
    unknown_base:
      'This draft is based on words that the task does not have. Open the task again; your text is still on this device.',
  },
  task_set: {
    wrong_roles: 'This kind of task is not for the chosen roles; choose others.',
    closed: 'This set of tasks is closed and hands out nothing more.',
    empty:
      'Nothing that matches waits for such work. Loosen the conditions, or do the step before first (polish, candidates).',
  },
  approval_rule: {
    not_found: 'There is no such approval rule.',
    not_drawn: 'The sample has not been drawn yet. Wait for it, then have people read it.',
    nothing_drawn: 'The sample holds no text, so nothing speaks for the rule. Draw one from a wider filter.',
    unread: 'The sample has not been read whole; what nobody looked at may be what is wrong.',
    above_bar:
      'What was read does not show that the share of faults is at most the bar. Draw a larger sample, or mend the texts first.',
    spot_checks_above:
      'Spot checks found more faults than the bar allows, so it was stopped and lets in nothing more. What it let in is listed: undo it, or have it read.',
    not_sampling: 'This rule has been approved or stopped already. Draw a new sample for a new one.',
    empty:
      'Nothing that matches waits for an approval: its texts are approved, held back, in review or not polished. Loosen the conditions.',
    not_in_force: 'Only what a rule in force has let in can be spot-checked.',
    nothing_to_check: 'All that it let in is read, in review or taken back: there is nothing to check.',
    stopped: 'This rule has been stopped already. What it let in can be undone with its bulk job.',
  },
  bulk_job: {
    not_found: 'There is no such bulk job.',
    ended: 'This bulk job has ended, so there is nothing to stop; undo it if it should not have been done.',
    not_stopped: 'Only a bulk job that was stopped or broke off can go on. Order another one for more records.',
    running: 'It is still at work: stop it first, then undo it.',
    broke_off:
      'It broke off several times on an internal error, which the log names. What was done stands; once that is mended, go on with it or undo it.',
    nothing_to_undo: 'It did nothing that could be undone, or is being undone already. Its page lists what it left.',
  },
  import: {
    undone: 'This import has been undone.',
    running: 'The import is still running: wait for its end, or cancel it.',
    ended: 'This import has ended; there is nothing to cancel.',
  },
  record: {
    not_found: 'The record cannot be found; it may have been withdrawn.',
    not_held_back: 'The record is not held back; reload to see.',
    withdrawn: 'This record was withdrawn for good.',
  },
  run: {
    unreadable_result: 'The trainer’s result cannot be read. Look at the log and start again.',
    token_ended: 'The token of this run ran out before a result came. Start it again.',
    trainer_failed: 'The trainer ended with a fault. The end of the log below says which; mend it and resume.',
    lost_too_often:
      'The trainer was killed at the same place several times, most often for want of memory. Look at the memory of the machine, take smaller batches or shorter rows, then resume.',
    lost: 'Nothing was heard of the trainer any more. “Resume” goes on from the newest checkpoint.',
    upload_limit: 'The uploads are larger than may be kept; ask the installation admin.',
    artefact_cut: 'The upload broke off; go on with it.',
    artefact_offset: 'The upload does not join on to what is here: go on from where it ended.',
    artefact_too_long: 'The file is longer than announced; check it and upload it again.',
    artefact_hash: 'The file that came is not the one that was announced; upload it again.',
    other_result: 'Another result has been handed in already. Start a new run for another model.',
    not_outside: 'This run is on the platform itself: nothing is reported to it from outside.',
    not_found: 'There is no such run; it may have been deleted.',
    wrong_state: 'The run cannot do this in its present state. Refresh and look again.',
    config: 'A setting is wrong; see the fields marked.',
    unsuitable_input: 'This snapshot or model does not suit this kind of run. Choose another.',
    input_missing: 'An input is missing. Choose one.',
    input_withdrawn: 'This input has been withdrawn. Choose its successor, or another.',
    unknown_attempt: 'The attempt reported is unknown.',
    unknown_input: 'There is no snapshot or model of this name. Choose another.',
    input_changed: 'The input files are not what they were. Restore them, or start again.',
    outside: 'This run is trained on another machine. Stop it there, or start it there again.',
    ended: 'This run has ended.',
    token_expired: 'Its token ran out or was revoked before a result came.',
  },
  schedule: {
    not_found: 'There is no such schedule; it may have been deleted.',
    name_taken: 'A schedule of this name exists. Choose another name.',
    cron: 'This is no pattern of five fields: minute, hour, day, month, weekday, such as 30 2 * * 1.',
    never: 'This never comes due. Change day or month.',
    time_zone: 'There is no such time zone. Write, for instance, Asia/Shanghai.',
    still_running: 'The last run has not ended. Wait for it, or cancel it.',
    run_paused: 'The last run is paused: resume or cancel it first.',
    nothing_new: 'Neither data nor settings have changed; skipped.',
  },
  model: {
    not_found: 'There is no such model.',
    does_not_speak: 'A reward model scores and does not speak. Choose an SFT, PPO or DPO model.',
    withdrawn: 'This model has been withdrawn. Choose another.',
    server_failed: 'The model could not be started. Its page says why; then try again.',
    server_slow: 'The model is still starting. Try again in a moment.',
  },
  chat: {
    context_too_long: 'This talk is longer than the model can read. Shorten the message, or start over.',
  },
  suite: {
    frozen: 'This suite is frozen. Make one of the same name; it becomes the next version.',
    repeated_question: 'Two questions are the same. Leave one out.',
    no_prompts: 'This part of the snapshot holds no prompts. Choose another snapshot.',
  },
  evaluation: {
    unsuitable:
      'This suite, entrant or judge cannot be used. Choose another; of answers brought along, each number must be in the suite and stand once, and the author be a member.',
    no_doctors: 'No doctor is asked in this evaluation, or not yet.',
    ended: 'This evaluation has ended.',
    not_a_job: 'Compare models under Evaluations; it makes its jobs itself.',
  },
  storage: {
    too_large: 'The file is too large to be kept.',
    missing: 'The file is no longer in the storage. Ask the installation admin to look at the data folder.',
    full: 'The server’s disk is full and this was not stored. Ask the installation admin for room; work goes on by itself then.',
  },
  file: {
    range: 'The file has no such part; download it anew.',
  },
  upload: {
    empty: 'The file is empty; choose another.',
  },
  source: {
    name_taken: 'There is a source of this name. Choose the registered one, or another name.',
  },
  list: {
    bad_cursor: 'The place in the list is no longer known; begin at its start.',
    too_deep: 'Lists page up to row 10,000; add a filter.',
  },
  password: {
    wrong: 'The present password is wrong; try again.',
  },
  prompt: {
    variable_missing: 'The prompt has a variable that nothing fills; look at the prompt.',
  },
  judge: {
    template_lacks_place: 'The judge’s prompt has no place for the candidates; choose another version.',
  },
  preference: {
    bad_choice: 'The choice of prompts is not right; check it.',
  },
  ranking: {
    incomplete: 'Some answers have no place yet. Each takes one; equal ones may share it.',
  },
  work: {
    people_only: 'Keys have no work of their own.',
  },
  training: {
    tokenizer: 'The tokenizer of the model to start from is not supported; choose another.',
    snapshot_row: 'A row of the snapshot cannot be read; freeze it again.',
    run_exists: 'A run folder of this name is there already; choose another name.',
    run_folder: 'The folder of the run cannot be read; ask the installation admin to look at the disk.',
    reward_model_missing: 'This training needs a reward model; choose one.',
    reward_model: 'The reward model cannot be used; choose another.',
    ptx_missing: 'A pretraining mix is set and its data is not. Choose the data, or leave the mix out.',
    policy_missing: 'This training needs a model to start from; choose one.',
    model_missing: 'The model to start from cannot be found; choose another.',
    model_kind: 'This kind of model is no start for this step; choose another.',
    mix: 'The mix is wrong; check the names of the data sets and their shares.',
    lora_target: 'The model to start from has no such layer; change “LoRA layers”.',
    judge: 'The judge model is not set up right; check its address and name.',
    input_changed: 'The inputs are not those it began with. Restore them, or start again.',
    config_changed: 'The settings are not those it began with. Restore them, or start again.',
    config: 'A setting of the run is wrong; check them and start again.',
    checkpoint: 'The checkpoint cannot be read. Go on from an earlier one, or start again.',
    chat_template:
      'The chat template of the model to start from cannot be used. Set a chat format, or choose another model.',
    chat_format: 'The chat format does not suit the model to start from. Change it, or choose another model.',
    adapter_only: 'The start is an adapter without its base model. Merge it first, or choose another.',
    adapter: 'The adapter (LoRA) of the model to start from cannot be read; choose another.',
    context_full:
      'The conversation is longer than the model can read. Shorten rows, or start from a model that reads more.',
    diverged:
      'The training diverged (the loss is no number). Lower the learning rate and go on from an earlier checkpoint.',
    judge_failed: 'The judge model did not answer as it should; check its address and key.',
    pad_is_end:
      'The tokenizer pads with its end token: a model trained so never learns to stop. Choose another model to start from.',
    platform_unreachable: 'The platform cannot be reached; check address and network.',
    prompt_empty: 'A prompt is empty; look at the snapshot.',
    pull_hash: 'The download is incomplete; try again.',
    pull_name: 'There is no snapshot or model of this name.',
    setup_native: 'The native library was not set up; look at the log.',
    snapshot_file_missing: 'The snapshot lacks a file; choose another or freeze again.',
    snapshot_kind: 'This kind of snapshot does not suit this training; choose another.',
    snapshot_manifest: 'The snapshot’s manifest cannot be read; choose another or freeze again.',
    snapshot_missing: 'The snapshot cannot be found; choose another.',
    snapshot_newer: 'The snapshot was written by a newer version; upgrade the trainer first.',
    snapshot_tampered: 'The snapshot’s files are not as they were frozen; choose another or freeze again.',
    snapshot_unreadable: 'The snapshot’s files cannot be read; choose another or freeze again.',
    snapshot_use: 'This snapshot may not be used for training; choose another.',
    arguments: 'The trainer’s arguments are wrong; look at the log.',
    backend_missing: 'This machine lacks the chosen back end. Choose “auto”, or have it installed.',
    internal: 'The trainer met a fault of its own. Look at the log and tell the installation admin.',
    no_result: 'The training left no result. Look at the log and start again.',
    model_config: 'The configuration of the model to start from is not supported; choose another.',
    weights_mismatch: 'The weights of the model to start from do not fit its configuration; choose another.',
    weights: 'The weights of the model to start from cannot be read; choose another.',
    out_of_memory:
      'There was not enough memory. Take smaller batches or shorter rows, or another machine, then resume.',
    nothing_to_do:
      'Not one row can be learned from. Most often the conversations are too long (too_long): raise “Tokens of a row at most”, or choose “Cut at a sentence”; both are on the form of a new run. Or the split is empty.',
  },
  http_401: 'Your sign-in has ended. Please sign in again.',
  http_403: 'Your role cannot do this. Ask a project admin if you need it.',
  http_404: 'This cannot be found; it may have been moved.',
  http_409: 'Someone has just changed this. Refresh and try again; what you wrote is kept.',
  http_412: 'Someone has just changed this. Refresh and try again; what you wrote is kept.',
  http_413: 'The file is too large.',
  http_429: 'Too many requests. Wait a little and try again.',
  http_500: 'The server failed. Try again later; what was saved is safe.',
  http_502: 'The server is restarting. Try again in a moment.',
  http_503: 'The server is busy. Try again in a moment.',
};
