import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { SETTINGS, type Settings } from '@qingnang/config';
import type {
  Actor,
  HeldSlot,
  KeptDraft,
  ListReply,
  MyAnswer,
  MyAnswerQuery,
  SaveDraft,
  WorkQueue,
} from '@qingnang/contracts';
import { listPage, quickTransaction } from '@qingnang/database';
import { DomainError } from '@qingnang/kernel';
import { checkDraftBase, checkDraftSize, deleteDraft, saveDraft } from './drafts.js';
import { keptDrafts } from './kept-drafts.js';
import { leaseLost } from './review.errors.js';
import { resumeSkipped } from './slots/resume-skipped.js';
import {
  claimSlot,
  findHeldSlot,
  giveBack,
  heldSlot,
  lockHeldSlot,
  OPEN_TO_ME,
  readHeldSlot,
  refuseUnlessOpen,
  renewLease,
  takeFromOtherPages,
  whatHappened,
  workCounts,
} from './slots/slots.js';

/** An answer that is in: of which set, and whether it had been before. */
export interface Answered {
  taskSetId: string;
  again: boolean;
}

/** What became of an answer: it is stored, or refused with its words kept. */
export type Submitted<Done extends object> = (Done & Answered) | { refusal: DomainError };

/** A line of "my work" as this library knows it: what its result says, and what was made of it, those above do. */
export type AnswerLine = Omit<MyAnswer, 'said'> & { stands: boolean };

/** A person's own work: what waits, what they hold, what they did. The same for every kind of task. */
@Injectable()
export class WorkService {
  constructor(
    private readonly dataSource: DataSource,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  queues(actor: Actor): Promise<WorkQueue[]> {
    return this.dataSource.query(
      `select ts.id as "taskSetId", ts.name, ts.kind, ts.deadline::text as deadline,
         counts.waiting, counts.done,
         (select percentile_cont(0.5) within group (order by recent.seconds) from (
            select a.seconds from answer a join slot s on s.id = a.slot_id join task_set other on other.id = s.task_set_id
            where other.kind = ts.kind and other.project_id = $2
            order by (a.person_id = $1) desc, a.created_at desc limit 50) recent) as "secondsEach"
       from task_set ts, ${workCounts('ts.project_id', 'ts.id')} where ${OPEN_TO_ME} order by ts.deadline nulls last, ts.created_at`,
      [actor.personId, actor.projectId],
    );
  }

  /**
   * Null when the queue holds nothing for this person; 404 where it is not theirs to work on. `takeOver` takes it out of the
   * hands of their other pages, too.
   */
  async claim(actor: Actor, taskSetId: string, takeOver = false): Promise<HeldSlot | null> {
    for (;;) {
      const slotId = await claimSlot(this.dataSource, actor, taskSetId, this.settings.slotLeaseSeconds);
      if (slotId === null) break;
      if (takeOver) await takeFromOtherPages(this.dataSource, actor, slotId);
      const slot = await findHeldSlot(this.dataSource, actor, slotId);
      // Where it is gone already, another tab of the same person has put it aside: there is a next one.
      if (slot) return slot;
    }
    await refuseUnlessOpen(this.dataSource, actor, taskSetId);
    return null;
  }

  /**
   * Takes an answer of any kind, and hands out the next task in the same breath where that was asked for. Asked again after
   * a lost reply, it brings what the first asking handed out, if that is still held; no second one is taken. A refusal is
   * thrown once the words are kept.
   */
  async submit<Done extends object, Task>(
    actor: Actor,
    input: { claimNext: boolean },
    store: (tx: EntityManager) => Promise<Submitted<Done>>,
    show: (slotId: string, tx: EntityManager) => Promise<Task>,
  ): Promise<Done & { next: Task | null }> {
    const done = await quickTransaction(this.dataSource, async (tx) => {
      const stored = await store(tx);
      if ('refusal' in stored || !input.claimNext) return { next: null, ...stored };
      const next = await this.nextSlot(tx, actor, stored);
      return { ...stored, next: next === null ? null : await show(next, tx) };
    });
    if ('refusal' in done) throw done.refusal;
    const { taskSetId: _set, again: _again, ...reply } = done as Done & Answered & { next: Task | null };
    return reply as unknown as Done & { next: Task | null };
  }

  private nextSlot(tx: EntityManager, actor: Actor, { taskSetId, again }: Answered): Promise<string | null> {
    if (again) return heldSlot(tx, actor, taskSetId);
    return claimSlot(tx, actor, taskSetId, this.settings.slotLeaseSeconds);
  }

  held(actor: Actor, slotId: string): Promise<HeldSlot> {
    return readHeldSlot(this.dataSource, actor, slotId);
  }

  heartbeat(actor: Actor, slotId: string, fencingToken: number): Promise<{ leaseUntil: Date; closed: boolean }> {
    return renewLease(this.dataSource, actor, slotId, fencingToken, this.settings.slotLeaseSeconds);
  }

  /** Saved also when the slot is lost; then the call fails after saving, with what happened. */
  async saveDraft(actor: Actor, slotId: string, input: SaveDraft): Promise<{ revision: number; savedAt: Date }> {
    checkDraftSize(input.body);
    const done = await this.dataSource.transaction(async (tx) => {
      const lost = (await lockHeldSlot(tx, actor, slotId, input.fencingToken)) === null;
      const what = lost ? await whatHappened(tx, actor, slotId) : null;
      await checkDraftBase(tx, slotId, input.baseVersionId);
      const { projectId } = actor;
      const saved = await saveDraft(tx, { ...input, projectId, slotId, personId: actor.personId! });
      return { saved, what };
    });
    if (done.what) throw leaseLost(slotId, done.what);
    return done.saved!;
  }

  skip(actor: Actor, slotId: string, fencingToken: number, reason: string): Promise<void> {
    return this.leave(actor, slotId, fencingToken, 'skipped', reason);
  }

  /** Takes a skip back, for as long as nobody else has the task. */
  async resume(actor: Actor, slotId: string): Promise<HeldSlot> {
    const seconds = this.settings.slotLeaseSeconds;
    await this.dataSource.transaction((tx) => resumeSkipped(tx, actor, slotId, seconds));
    return readHeldSlot(this.dataSource, actor, slotId);
  }

  drafts(actor: Actor): Promise<KeptDraft[]> {
    return keptDrafts(this.dataSource, actor);
  }

  /** Throws one's own draft away, of a task that is in nobody's hands to be written on. */
  async discardDraft(actor: Actor, slotId: string): Promise<void> {
    await deleteDraft(this.dataSource, slotId, actor.personId!, actor.projectId);
  }

  release(actor: Actor, slotId: string, fencingToken: number): Promise<void> {
    return this.leave(actor, slotId, fencingToken, 'released', '');
  }

  private leave(
    actor: Actor,
    slotId: string,
    fencingToken: number,
    outcome: 'skipped' | 'released',
    reason: string,
  ): Promise<void> {
    return this.dataSource.transaction(async (tx: EntityManager) => {
      const slot = await lockHeldSlot(tx, actor, slotId, fencingToken);
      if (!slot) throw leaseLost(slotId, await whatHappened(tx, actor, slotId));
      await giveBack(tx, actor, slot, outcome, reason);
    });
  }

  answers(actor: Actor, query: MyAnswerQuery): Promise<ListReply<AnswerLine>> {
    if (!actor.personId)
      throw new DomainError({ code: 'work.people_only', status: 403, detail: 'Keys have no work of their own.' });
    return listPage<AnswerLine, AnswerLine>(this.dataSource, {
      select: `a.id, a.slot_id as "slotId", t.record_id as "recordId", ts.name as "taskSetName", ts.kind, a.verdict,
        a.reason_code as "reasonCode", a.seconds, a.created_at as "createdAt", t.state as "taskState",
        'undone' = any (a.flags) as undone, a.result_id as "resultId",
        a.round = s.round and s.state in ('answered', 'accepted') and ts.state = 'open' as stands,
        coalesce((select left(x ->> 'text', 120) from jsonb_array_elements(v.turns) x where x ->> 'role' = 'patient'
          limit 1), o.title, '') as question`,
      from: `answer a join slot s on s.id = a.slot_id join task t on t.id = a.task_id join task_set ts on ts.id = t.task_set_id
        join subject o on o.id = t.subject_id
        left join record r on r.id = t.record_id left join version v on v.id = r.latest_version_id`,
      where: ['a.project_id = $1', 'a.person_id = $2', ...(query.kind ? ['ts.kind = $3'] : [])],
      params: [actor.projectId, actor.personId, ...(query.kind ? [query.kind] : [])],
      sortable: { createdAt: { sql: 'a.created_at', type: 'timestamptz' } },
      id: { sql: 'a.id', type: 'uuid' },
      query,
      map: (row) => row,
    });
  }
}
