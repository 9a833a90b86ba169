import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { writeAudit } from '@qingnang/audit';
import { SETTINGS, type Settings } from '@qingnang/config';
import type {
  Actor,
  AdjudicationDesk,
  AdjudicationOutcome,
  AdjudicationQuery,
  AdjudicationRow,
  AdjudicationTask,
  AdjudicationView,
  HeldSlot,
  ListReply,
  SubmitAdjudication,
  SubmitAdjudicationReply,
  WorkReplies,
} from '@qingnang/contracts';
import type { Queryable } from '@qingnang/database';
import { uuidv7 } from '@qingnang/kernel';
import { notify } from '@qingnang/queue';
import { checkConfirmed, confirmedBefore, keepFacts, quietKindsSql } from '../facts/answer-facts.js';
import { FactComparer } from '../facts/fact-comparer.js';
import { type ComparedSubmission, compareSubmission } from '../facts/submission-facts.js';
import { lockRecord, readTexts, type ReviewedTexts, speaksOfToday } from '../polish-review/reviewed-texts.js';
import { baseChanged } from '../review.errors.js';
import { type AnsweredBefore, answeredBefore, finishSlot, noteFate, setTaskState } from '../slots/finish-slot.js';
import { heldOfKind, keepAsDraft, lostSlot } from '../slots/held-task.js';
import { type LockedSlot, lockHeldSlot, readHeldSlot, refusePutAside } from '../slots/slots.js';
import { type Submitted, WorkService } from '../work.service.js';
import { baseUnknown, reasonMissing } from './adjudication.errors.js';
import { listAdjudications, readAdjudication, taskDecidedIn } from './read-adjudication.js';
import { type Case, newestAnswers } from './case.js';
import { doctorsOf, settleAdjudication } from './settle-adjudication.js';
import { recallAdjudication, takeAdjudication } from './take-adjudication.js';
import { undoAdjudication } from './undo-adjudication.js';
import { noteRepliesSeen, repliesTo, writeBack } from './write-back.js';

const NOTHING: ComparedSubmission = { facts: [], complete: true };

interface Read {
  texts: ReviewedTexts;
  compared: ComparedSubmission;
}

/** What answers differ about, and what an annotator asks a doctor: who decides, what becomes of it, who is told. */
@Injectable()
export class AdjudicationService {
  private readonly comparer = new FactComparer();

  constructor(
    private readonly dataSource: DataSource,
    private readonly work: WorkService,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  list(actor: Actor, query: AdjudicationQuery): Promise<ListReply<AdjudicationRow>> {
    return listAdjudications(this.dataSource, actor, query);
  }

  get(actor: Actor, taskId: string): Promise<AdjudicationView> {
    return readAdjudication(this.dataSource, actor, taskId);
  }

  async take(actor: Actor, taskId: string): Promise<HeldSlot> {
    const seconds = this.settings.slotLeaseSeconds;
    const slotId = await this.dataSource.transaction((tx) => takeAdjudication(tx, actor, taskId, seconds));
    return readHeldSlot(this.dataSource, actor, slotId);
  }

  async recall(actor: Actor, taskId: string): Promise<AdjudicationView> {
    await this.dataSource.transaction((tx) => recallAdjudication(tx, actor, taskId));
    return this.get(actor, taskId);
  }

  /** What lies before whoever decides. From here on they have seen a polish of the record, and what others answered. */
  async show(actor: Actor, slotId: string, db: Queryable = this.dataSource): Promise<AdjudicationTask> {
    const slot = await heldOfKind(db, actor, slotId, ['adjudication']);
    const view = await readAdjudication(db, actor, await taskDecidedIn(db, actor, slotId));
    await db.query(
      `insert into exposure (id, project_id, person_id, record_id, what)
       select gen_random_uuid(), $1, $2, $3, what from unnest('{polish,other_answer}'::text[]) what
       on conflict do nothing`,
      [actor.projectId, actor.personId, view.recordId],
    );
    const [set] = await db.query<Pick<AdjudicationTask, 'quietKinds'>[]>(
      `select ${quietKindsSql('ts')} as "quietKinds" from task_set ts where ts.id = $1`,
      [view.taskSetId],
    );
    const confirmed = slot.round > 1 ? await confirmedBefore(db, slotId, actor.personId) : [];
    const doctors = view.desk === 'lead' ? await doctorsOf(db, actor.projectId) : [];
    return { ...view, slot, confirmed, doctors, quietKinds: set!.quietKinds };
  }

  /**
   * Decides, returns, or hands on. Refused with what was written kept as a draft: `slot.lease_lost`, `slot.base_changed`,
   * `slot.record_held_back`; with `answer.facts_unconfirmed` where the words say something else of what does harm (409).
   */
  async submit(actor: Actor, slotId: string, input: SubmitAdjudication): Promise<SubmitAdjudicationReply> {
    const taskId = await taskDecidedIn(this.dataSource, actor, slotId);
    if (input.verdict === 'reject' && !input.reasonCode) throw reasonMissing();
    const read = await this.read(actor, slotId, input);
    return this.work.submit(
      actor,
      input,
      (tx) => this.answer(tx, actor, { slotId, taskId }, input, read),
      (next, tx) => this.show(actor, next, tx),
    );
  }

  private async answer(
    tx: EntityManager,
    actor: Actor,
    { slotId, taskId }: { slotId: string; taskId: string },
    input: SubmitAdjudication,
    read: Read,
  ): Promise<Submitted<Omit<SubmitAdjudicationReply, 'next'>>> {
    const slot = await lockHeldSlot(tx, actor, slotId, input.fencingToken);
    const before = slot ? null : await answeredBefore(tx, actor, slotId);
    if (before) return sameAgain(tx, before);
    const putAside = slot && (await refusePutAside(tx, actor, slot, slot.recordId));
    const it = slot && !putAside && (await openCase(tx, actor, slot, taskId, read.texts));
    if (slot && it && speaksOfToday(read.texts, await lockRecord(tx, it.recordId))) {
      return {
        ...(await this.store(tx, actor, slot, it, input, read.compared)),
        taskSetId: slot.taskSetId,
        again: false,
      };
    }
    const { verdict, turns, comment, baseVersionId } = input;
    await keepAsDraft(tx, actor, slotId, input.fencingToken, { verdict, turns, comment, baseVersionId });
    return { refusal: putAside ?? (slot ? baseChanged(slotId) : await lostSlot(tx, actor, slotId)) };
  }

  /** Takes one's own decision back, for as long as nobody went on from it; it lies in one's hands again. */
  async undo(actor: Actor, answerId: string): Promise<HeldSlot> {
    const seconds = this.settings.slotLeaseSeconds;
    const slotId = await this.dataSource.transaction((tx) => undoAdjudication(tx, actor, answerId, seconds));
    return readHeldSlot(this.dataSource, actor, slotId);
  }

  replies(actor: Actor): Promise<WorkReplies> {
    return repliesTo(this.dataSource, actor);
  }

  repliesSeen(actor: Actor): Promise<void> {
    return noteRepliesSeen(this.dataSource, actor);
  }

  private async read(actor: Actor, slotId: string, input: SubmitAdjudication): Promise<Read> {
    const texts = await readTexts(this.dataSource, actor, slotId, input.baseVersionId);
    if (texts.shown.length === 0) throw baseUnknown();
    if (input.verdict !== 'decide') return { texts, compared: NOTHING };
    return { texts, compared: await compareSubmission(this.comparer, { ...texts, edits: input.turns }) };
  }

  private async store(
    tx: EntityManager,
    actor: Actor,
    slot: LockedSlot,
    it: Case,
    input: SubmitAdjudication,
    compared: ComparedSubmission,
  ): Promise<Omit<SubmitAdjudicationReply, 'next'>> {
    const facts = await checkConfirmed(tx, actor, slot, compared, input.confirmed);
    const done = await settleAdjudication(tx, actor, it, input);
    const id = uuidv7();
    await tx.query(
      `insert into adjudication (id, project_id, task_id, slot_id, decided_by, outcome, answer_id, version_id)
       values ($1, $2, $3, $4, $5, $6, $7, $8)`,
      [id, it.projectId, it.taskId, slot.id, actor.personId, done.outcome, done.answerId, done.versionId],
    );
    const answerId = await finishSlot(tx, actor, slot, {
      ...{ verdict: 'done', resultType: 'adjudication', resultId: id, reasonCode: done.outcome },
      seconds: input.seconds,
      flags: compared.complete ? [] : ['not_compared'],
    });
    await keepFacts(tx, actor, slot, answerId, facts);
    await setTaskState(tx, slot.taskId, 'decided');
    await writeBack(tx, actor, it, id, input);
    await noteFate(tx, answerId, done.fate);
    await notify(tx, actor.projectId, 'adjudications', it.taskId);
    await writeAudit(tx, actor, {
      action: 'adjudication.decide',
      subjectType: 'task',
      subjectId: it.taskId,
      after: { ...done, adjudicationId: id, recordId: it.recordId, doctorId: input.doctorId },
    });
    return { answerId, outcome: done.outcome, fate: done.fate };
  }
}

/** The task as it waits, locked; null where nobody has to decide on it any more. */
async function openCase(
  tx: EntityManager,
  actor: Actor,
  slot: LockedSlot,
  taskId: string,
  { shown }: ReviewedTexts,
): Promise<Case | null> {
  const [task]: { record_id: string; desk: AdjudicationDesk }[] = await tx.query(
    `select t.record_id, (select q.desk from task_set q where q.id = $2) as desk
     from task t where t.id = $1 and t.state = 'to_adjudicate' for update of t`,
    [taskId, slot.taskSetId],
  );
  if (!task) return null;
  const { projectId } = actor;
  return {
    ...{ projectId, taskId },
    recordId: task.record_id,
    desk: task.desk,
    base: shown,
    answers: await newestAnswers(tx, taskId),
  };
}

/** What the first of two equal requests did. */
async function sameAgain(tx: EntityManager, { answerId, fate, taskSetId, again, resultId }: AnsweredBefore) {
  const [was]: { outcome: AdjudicationOutcome }[] = await tx.query('select outcome from adjudication where id = $1', [
    resultId,
  ]);
  return { answerId, fate, outcome: was!.outcome, taskSetId, again };
}
