import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { writeAudit } from '@qingnang/audit';
import { SETTINGS, type Settings } from '@qingnang/config';
import type { Actor, Fate, PolishTask, SubmitPolish, SubmitPolishReply, Turn } from '@qingnang/contracts';
import { addVersion } from '@qingnang/corpus';
import type { Queryable } from '@qingnang/database';
import { notFound } from '@qingnang/kernel';
import { notify } from '@qingnang/queue';
import { checkSubmission, editedTurns } from './check-submission.js';
import { decidePolishReview } from './decide.js';
import { saveDraft } from '../drafts.js';
import { answeredBefore, finishSlot, noteFate } from '../slots/finish-slot.js';
import { baseChanged, leaseLost } from '../review.errors.js';
import { type LockedSlot, lockHeldSlot, readHeldSlot, refusePutAside, whatHappened } from '../slots/slots.js';
import { type Submitted, WorkService } from '../work.service.js';
import { undoAnswer } from './undo-answer.js';

/** What a person sees of a polish under review, and what becomes of the answer. */
@Injectable()
export class PolishReviewService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly work: WorkService,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /** The record as the review screen shows it; notes that this person has seen a polish of it. */
  async show(actor: Actor, slotId: string, db: Queryable = this.dataSource): Promise<PolishTask> {
    const slot = await readHeldSlot(db, actor, slotId);
    if (slot.kind !== 'polish_review' || !slot.shownVersionId || !slot.recordId)
      throw notFound('polish review', slotId);
    const [record] = await db.query<(PolishTask['record'] & { original: Turn[] | null; shown: Turn[] | null })[]>(
      `with seen as (
           insert into exposure (id, project_id, person_id, record_id, what)
           values (gen_random_uuid(), $1, $4, $2, 'polish') on conflict do nothing
         )
         select r.id, r.department, r.language, r.synthetic, o.turns as original, v.turns as shown
         from record r join version o on o.id = r.import_version_id join version v on v.id = $3
         where r.project_id = $1 and r.id = $2`,
      [actor.projectId, slot.recordId, slot.shownVersionId, actor.personId],
    );
    if (!record?.shown) throw notFound('record', slot.recordId);
    const { original, shown, ...facts } = record;
    return {
      slot,
      record: facts,
      turns: shown.map((turn) => ({
        n: turn.n,
        role: turn.role,
        original: textOf(original, turn.n),
        suggestion: turn,
      })),
    };
  }

  /**
   * Stores the answer, makes the version, decides the task. When the slot is no longer this person's, the text is kept
   * as a draft and the call fails with `slot.lease_lost` (409); with `slot.record_held_back` where the record was put aside.
   */
  async submit(actor: Actor, slotId: string, input: SubmitPolish): Promise<SubmitPolishReply> {
    checkSubmission(input);
    return this.work.submit(
      actor,
      input,
      (tx) => this.answer(tx, actor, slotId, input),
      (next, tx) => this.show(actor, next, tx),
    );
  }

  private async answer(
    tx: EntityManager,
    actor: Actor,
    slotId: string,
    input: SubmitPolish,
  ): Promise<Submitted<{ answerId: string; fate: Fate }>> {
    const before = await answeredBefore(tx, actor, slotId);
    if (before) {
      const { answerId, fate, taskSetId, again } = before;
      return { answerId, fate, taskSetId, again };
    }
    const slot = await lockHeldSlot(tx, actor, slotId, input.fencingToken);
    const putAside = slot && (await refusePutAside(tx, actor, slot, slot.recordId));
    const isCurrent = !putAside && slot?.shownVersionId === input.baseVersionId;
    if (isCurrent && isOfRecord(slot) && (await speaksOfToday(tx, slot))) {
      return this.store(tx, actor, slot, input);
    }
    const what = slot ? null : await whatHappened(tx, actor, slotId);
    // Committed before the refusal is thrown: what somebody wrote is never lost.
    await saveDraft(tx, { ...draftOf(actor, slotId), baseVersionId: input.baseVersionId, body: draftBody(input) });
    return { refusal: putAside ?? (what === null ? baseChanged(slotId) : leaseLost(slotId, what)) };
  }

  /** Takes back one's own newest answer; the record is in one's hands again, as it was written. */
  async undo(actor: Actor, answerId: string): Promise<PolishTask> {
    const slotId = await this.dataSource.transaction((tx) =>
      undoAnswer(tx, actor, answerId, this.settings.slotLeaseSeconds),
    );
    return this.show(actor, slotId);
  }

  private async store(tx: EntityManager, actor: Actor, slot: RecordSlot, input: SubmitPolish) {
    const versionId = await this.makeVersion(tx, actor, slot, input);
    const unchanged = input.verdict === 'edit' && versionId === slot.shownVersionId;
    const answerId = await finishSlot(tx, actor, slot, {
      ...input,
      verdict: unchanged ? 'accept' : input.verdict,
      versionId,
    });
    const task = { projectId: actor.projectId, taskId: slot.taskId, recordId: slot.recordId };
    const fate = await decidePolishReview(tx, task);
    await noteFate(tx, answerId, fate);
    await notify(tx, actor.projectId, 'task-sets', slot.taskSetId);
    await writeAudit(tx, actor, {
      action: 'answer.submit',
      subjectType: 'answer',
      subjectId: answerId,
      after: { verdict: input.verdict, versionId, recordId: slot.recordId, fate },
    });
    return { answerId, fate, taskSetId: slot.taskSetId, again: false };
  }

  /** Null for a verdict without a text. */
  private async makeVersion(
    tx: EntityManager,
    actor: Actor,
    slot: RecordSlot,
    input: SubmitPolish,
  ): Promise<string | null> {
    if (input.verdict === 'accept') return slot.shownVersionId;
    if (input.verdict !== 'edit') return null;
    const [shown]: { turns: Turn[] | null }[] = await tx.query('select turns from version where id = $1', [
      slot.shownVersionId,
    ]);
    return addVersion(tx, {
      projectId: actor.projectId,
      recordId: slot.recordId,
      parentId: slot.shownVersionId!,
      kind: 'edit',
      turns: editedTurns(shown?.turns ?? [], input.turns),
      madeBy: { kind: 'person', id: actor.personId! },
      rehearsalCall: await askedRehearsal(tx, actor, input.llmCallIds),
    });
  }
}

/** A polish review is always about a record. */
type RecordSlot = LockedSlot & { recordId: string };

const isOfRecord = (slot: LockedSlot | null): slot is RecordSlot => slot !== null && slot.recordId !== null;

/** Whether what was shown descends from what the source says today; locks the record against an import meanwhile. */
async function speaksOfToday(tx: EntityManager, slot: RecordSlot): Promise<boolean> {
  await tx.query('select from record where id = $1 for update', [slot.recordId]);
  const [found]: unknown[] = await tx.query(
    `with recursive line as (
       select v.id, v.parent_id from version v where v.id = $1
       union all select p.id, p.parent_id from version p join line on p.id = line.parent_id)
     select 1 from line join record r on r.import_version_id = line.id where r.id = $2`,
    [slot.shownVersionId, slot.recordId],
  );
  return found !== undefined;
}

/** Whether a rehearsal model was asked while these words were drafted. */
async function askedRehearsal(tx: EntityManager, actor: Actor, callIds: readonly string[]): Promise<boolean> {
  if (callIds.length === 0) return false;
  const [row]: { asked: boolean }[] = await tx.query(
    `select coalesce(bool_or(rehearsal), false) as asked from llm_call
     where project_id = $1 and requested_by = $2 and id = any ($3)`,
    [actor.projectId, actor.personId, callIds],
  );
  return row?.asked ?? false;
}

const textOf = (turns: readonly Turn[] | null, n: number): string | null =>
  turns?.find((turn) => turn.n === n)?.text ?? null;

const draftOf = (actor: Actor, slotId: string) => ({
  projectId: actor.projectId,
  slotId,
  personId: actor.personId!,
});

/** What the screen needs to show the text again. */
export function draftBody(input: SubmitPolish): Record<string, unknown> {
  return { verdict: input.verdict, turns: input.turns, reasonCode: input.reasonCode, comment: input.comment };
}
