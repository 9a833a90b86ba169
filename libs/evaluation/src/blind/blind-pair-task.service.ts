import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { writeAudit } from '@qingnang/audit';
import { SETTINGS, type Settings } from '@qingnang/config';
import type { Actor, BlindPairTask, HeldSlot, SubmitBlindPair, SubmitBlindPairReply } from '@qingnang/contracts';
import type { Queryable } from '@qingnang/database';
import { notFound, uuidv7 } from '@qingnang/kernel';
import {
  answeredBefore,
  baseChanged,
  finishSlot,
  heldOfKind,
  keepAsDraft,
  type LockedSlot,
  lockHeldSlot,
  lostSlot,
  noteFate,
  readHeldSlot,
  settleTask,
  type Submitted,
  WorkService,
} from '@qingnang/review';
import { settleEvaluation } from '../stages/evaluation-stages.js';
import { VerdictEntity } from '../verdict.entity.js';
import { noteAnswersSeen, readPair } from './read-pair.js';
import { undoVerdict } from './undo-verdict.js';

type Done = Omit<SubmitBlindPairReply, 'next'>;

const OUTCOME = { a_better: 'first', b_better: 'second', tie: 'tie', both_bad: 'both_bad' } as const;

/** A doctor says which of two entrants' answers is better, without their names, in an order drawn for the task. */
@Injectable()
export class BlindPairTaskService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly work: WorkService,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /** What to judge. From here on the person counts as having seen models' replies on the question's records. */
  async show(actor: Actor, slotId: string, db: Queryable = this.dataSource): Promise<BlindPairTask> {
    const slot = await heldOfKind(db, actor, slotId, ['blind_pair']);
    const pair = await readPair(db, actor.projectId, slot);
    if (!pair) throw notFound('pair', slot.subjectId);
    await noteAnswersSeen(db, actor, slot.subjectId);
    const sides = pair.sides.map((turns, i) => ({ key: i === 0 ? ('A' as const) : ('B' as const), turns }));
    return { slot, messages: pair.messages, sides, rehearsal: pair.rehearsal };
  }

  /** Refused with the verdict kept as a draft: `slot.lease_lost`, `slot.base_changed` (409). */
  async submit(actor: Actor, slotId: string, input: SubmitBlindPair): Promise<SubmitBlindPairReply> {
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
    input: SubmitBlindPair,
  ): Promise<Submitted<Done>> {
    const slot = await lockHeldSlot(tx, actor, slotId, input.fencingToken);
    const before = slot ? null : await answeredBefore(tx, actor, slotId);
    if (before) {
      const { answerId, fate, taskSetId, again } = before;
      return { answerId, fate, taskSetId, again };
    }
    const pair = slot && (await readPair(tx, actor.projectId, slot));
    if (slot && pair) return this.store(tx, actor, slot, pair, input);
    const refusal = slot ? baseChanged(slotId) : await lostSlot(tx, actor, slotId);
    await keepAsDraft(tx, actor, slotId, input.fencingToken, { verdict: input.verdict, reason: input.reason });
    return { refusal };
  }

  /** Takes back one's own newest verdict; the pair is in one's hands again. */
  async undo(actor: Actor, answerId: string): Promise<HeldSlot> {
    const slotId = await this.dataSource.transaction((tx) =>
      undoVerdict(tx, actor, answerId, this.settings.slotLeaseSeconds),
    );
    return readHeldSlot(this.dataSource, actor, slotId);
  }

  private async store(
    tx: EntityManager,
    actor: Actor,
    slot: LockedSlot,
    pair: { evaluationId: string; judgeId: string; shownFirst: 'a' | 'b' },
    input: SubmitBlindPair,
  ): Promise<Submitted<Done>> {
    const id = uuidv7();
    const { evaluationId, judgeId, shownFirst } = pair;
    await tx.insert(VerdictEntity, {
      ...{ id, evaluationId, judgeId, shownFirst, pairId: slot.subjectId, slotId: slot.id },
      projectId: actor.projectId,
      origin: 'doctor',
      personId: actor.personId,
      outcome: OUTCOME[input.verdict],
      reason: input.reason === '' ? null : input.reason,
    });
    const answerId = await finishSlot(tx, actor, slot, {
      verdict: 'done',
      resultType: 'verdict',
      resultId: id,
      reasonCode: input.verdict,
      comment: input.reason,
      seconds: input.seconds,
    });
    const fate = await settleTask(tx, slot.taskId);
    await noteFate(tx, answerId, fate);
    await settleEvaluation(tx, evaluationId);
    await writeAudit(tx, actor, {
      action: 'verdict.write',
      subjectType: 'verdict',
      subjectId: id,
      after: { evaluationId, pairId: slot.subjectId, verdict: input.verdict, answerId },
    });
    return { answerId, fate, taskSetId: slot.taskSetId, again: false };
  }
}
