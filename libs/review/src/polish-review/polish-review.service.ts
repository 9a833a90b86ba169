import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { writeAudit } from '@qingnang/audit';
import { SETTINGS, type Settings } from '@qingnang/config';
import type { Actor, Fate, HeldSlot, PolishTask, SubmitPolish, SubmitPolishReply, Turn } from '@qingnang/contracts';
import { addVersion } from '@qingnang/corpus';
import type { Queryable } from '@qingnang/database';
import { notFound } from '@qingnang/kernel';
import { checkSubmission, editedTurns } from './check-submission.js';
import { decidePolishReview } from './decide.js';
import { returnedWith } from '../adjudication/write-back.js';
import { readTexts, type ReviewedTexts, speaksOfToday } from './reviewed-texts.js';
import { saveDraft } from '../drafts.js';
import { checkConfirmed, confirmedBefore, keepFacts, quietKindsSql } from '../facts/answer-facts.js';
import { FactComparer } from '../facts/fact-comparer.js';
import { compareSubmission, type ComparedSubmission } from '../facts/submission-facts.js';
import { answeredBefore, finishSlot, noteFate } from '../slots/finish-slot.js';
import { baseChanged, leaseLost } from '../review.errors.js';
import { type HeldReview, holdForReview } from './hold-for-review.js';
import { HELD, HELD_FROM, HELD_WHERE, releasePutAside, whatHappened } from '../slots/slots.js';
import { type Submitted, WorkService } from '../work.service.js';
import { undoAnswer } from './undo-answer.js';

/** What a person sees of a polish under review, and what becomes of the answer. */
@Injectable()
export class PolishReviewService {
  private readonly comparer = new FactComparer();

  constructor(
    private readonly dataSource: DataSource,
    private readonly work: WorkService,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /** The record as the review screen shows it; notes that this person has seen a polish of it. */
  async show(actor: Actor, slotId: string, db: Queryable = this.dataSource): Promise<PolishTask> {
    const [found] = await db.query<ShownReview[]>(SHOW, [actor.projectId, slotId, actor.personId]);
    if (!found) throw notFound('slot', slotId);
    const { record, original, shown, quietKinds, ...slot } = found;
    if (slot.kind !== 'polish_review' || !slot.shownVersionId || !record) throw notFound('polish review', slotId);
    if (!shown) throw notFound('record', record.id);
    return {
      slot,
      record,
      quietKinds,
      ...(await earlier(db, actor, slot)),
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
   * as a draft and the call fails with `slot.lease_lost` (409); with `slot.record_held_back` where the record was put aside;
   * with `answer.facts_unconfirmed` where the text says something else of what does harm when it is wrong.
   */
  async submit(actor: Actor, slotId: string, input: SubmitPolish): Promise<SubmitPolishReply> {
    checkSubmission(input);
    const texts = await readTexts(this.dataSource, actor, slotId, input.baseVersionId);
    const compared = await compareSubmission(this.comparer, { ...texts, edits: editsOf(input) });
    return this.work.submit(
      actor,
      input,
      (tx) => this.answer(tx, actor, slotId, input, { texts, compared }),
      (next, tx) => this.show(actor, next, tx),
    );
  }

  private async answer(
    tx: EntityManager,
    actor: Actor,
    slotId: string,
    input: SubmitPolish,
    read: Read,
  ): Promise<Submitted<{ answerId: string; fate: Fate }>> {
    const review = await holdForReview(tx, actor, slotId, input.fencingToken);
    if (review && isCurrent(review, input, read.texts)) return this.store(tx, actor, review, input, read);
    const before = review ? null : await answeredBefore(tx, actor, slotId);
    if (before) {
      const { answerId, fate, taskSetId, again } = before;
      return { answerId, fate, taskSetId, again };
    }
    const putAside = review?.putAside ? await releasePutAside(tx, actor, review) : null;
    const what = review ? null : await whatHappened(tx, actor, slotId);
    // Committed before the refusal is thrown: what somebody wrote is never lost.
    const { baseVersionId, fencingToken } = input;
    await saveDraft(tx, { ...draftOf(actor, slotId), baseVersionId, fencingToken, body: draftBody(input) });
    return { refusal: putAside ?? (what === null ? baseChanged(slotId) : leaseLost(slotId, what)) };
  }

  /** Takes back one's own newest answer; the record is in one's hands again, as it was written. */
  async undo(actor: Actor, answerId: string): Promise<PolishTask> {
    const slotId = await this.dataSource.transaction((tx) =>
      undoAnswer(tx, actor, answerId, this.settings.slotLeaseSeconds),
    );
    return this.show(actor, slotId);
  }

  private async store(tx: EntityManager, actor: Actor, slot: HeldReview, input: SubmitPolish, read: Read) {
    const facts = await checkConfirmed(tx, actor, slot, read.compared, input.confirmed);
    const versionId = await makeVersion(tx, actor, slot, input, read.texts);
    const unchanged = input.verdict === 'edit' && versionId === slot.shownVersionId;
    const answerId = await finishSlot(tx, actor, slot, {
      ...input,
      verdict: unchanged ? 'accept' : input.verdict,
      versionId,
      flags: read.compared.complete ? [] : ['not_compared'],
    });
    await keepFacts(tx, actor, slot, answerId, facts);
    const task = { projectId: actor.projectId, taskId: slot.taskId, recordId: slot.recordId };
    const fate = await decidePolishReview(tx, task);
    await noteFate(tx, answerId, fate);
    await writeAudit(tx, actor, {
      action: 'answer.submit',
      subjectType: 'answer',
      subjectId: answerId,
      after: { verdict: input.verdict, versionId, recordId: slot.recordId, fate },
    });
    return { answerId, fate, taskSetId: slot.taskSetId, again: false };
  }
}

/** A slot in hand with all that the screen shows of its record. */
type ShownReview = HeldSlot &
  Pick<PolishTask, 'quietKinds'> & {
    record: PolishTask['record'] | null;
    original: Turn[] | null;
    shown: Turn[] | null;
  };

/** Reads it, and notes that this person has seen a polish of the record, in one statement. */
const SHOW = `with held as (
    select ${HELD}, ${quietKindsSql('ts')} as "quietKinds" from ${HELD_FROM} where ${HELD_WHERE}),
  seen as (
    insert into exposure (id, project_id, person_id, record_id, what)
    select gen_random_uuid(), $1, $3, h."recordId", 'polish' from held h
    where h.kind = 'polish_review' and h."recordId" is not null and h."shownVersionId" is not null
    on conflict do nothing)
  select h.*, o.turns as original, v.turns as shown, case when r.id is not null then json_build_object(
    'id', r.id, 'department', r.department, 'language', r.language, 'synthetic', r.synthetic) end as record
  from held h left join record r on r.project_id = $1 and r.id = h."recordId"
    left join version o on o.id = r.import_version_id left join version v on v.id = h."shownVersionId"`;

/** Null for a verdict without a text. */
async function makeVersion(
  tx: EntityManager,
  actor: Actor,
  slot: HeldReview,
  input: SubmitPolish,
  { shown, line }: ReviewedTexts,
): Promise<string | null> {
  if (input.verdict === 'accept') return slot.shownVersionId;
  if (input.verdict !== 'edit') return null;
  return addVersion(tx, {
    projectId: actor.projectId,
    recordId: slot.recordId,
    parentId: slot.shownVersionId!,
    kind: 'edit',
    turns: editedTurns(shown, input.turns),
    madeBy: { kind: 'person', id: actor.personId! },
    rehearsalCall: await askedRehearsal(tx, actor, input.llmCallIds),
    line,
  });
}

/** What is known from rounds before: only then does it cost a look. */
async function earlier(
  db: Queryable,
  actor: Actor,
  slot: HeldSlot,
): Promise<Pick<PolishTask, 'confirmed' | 'returned'>> {
  if (slot.round === 1) return { confirmed: [], returned: null };
  const confirmed = await confirmedBefore(db, slot.id, actor.personId);
  return { confirmed, returned: await returnedWith(db, slot.taskId, actor.personId) };
}

/** What was read and compared before the transaction: it takes its time, and holds no row. */
interface Read {
  texts: ReviewedTexts;
  compared: ComparedSubmission;
}

/** Null where nothing of the text is handed in. */
function editsOf({ verdict, turns }: SubmitPolish): SubmitPolish['turns'] | null {
  if (verdict === 'edit') return turns;
  return verdict === 'accept' ? [] : null;
}

/** Whether the answer is about what is in hand, in use, and says what its source says today. */
const isCurrent = (review: HeldReview, input: SubmitPolish, texts: ReviewedTexts): boolean =>
  !review.putAside && review.shownVersionId === input.baseVersionId && speaksOfToday(texts, review.importVersionId);

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
  const { verdict, turns, reasonCode, comment, confirmed } = input;
  return { verdict, turns, reasonCode, comment, confirmed };
}
