import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { writeAudit } from '@qingnang/audit';
import type { Actor, ReferenceTask, SubmitReference, SubmitReferenceReply } from '@qingnang/contracts';
import type { Queryable } from '@qingnang/database';
import type { DomainError } from '@qingnang/kernel';
import {
  answeredBefore,
  finishSlot,
  heldOfKind,
  keepAsDraft,
  lostSlot,
  noteFate,
  refusePutAside,
  settleTask,
  type Submitted,
  WorkService,
} from '@qingnang/review';
import { lockTask, type LockedTask } from '../held-task.js';
import { readPromptHead } from '../prompts/prompt-head.js';
import { isExposed } from './exposure.js';
import { referenceExposed, referenceTextMissing } from './reference.errors.js';
import { readReference, writeReference } from './write-reference.js';

type Done = Omit<SubmitReferenceReply, 'next'>;

const KINDS = ['reference'] as const;

/** A doctor answers a prompt before seeing what any model made of it. */
@Injectable()
export class ReferenceTaskService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly work: WorkService,
  ) {}

  async show(actor: Actor, slotId: string, db: Queryable = this.dataSource): Promise<ReferenceTask> {
    const slot = await heldOfKind(db, actor, slotId, KINDS);
    const prompt = await readPromptHead(db, actor.projectId, slot.subjectId);
    return { slot, prompt, exposed: await isExposed(db, actor, prompt.recordId) };
  }

  /** Refused with the text kept as a draft: `slot.lease_lost` (409), `reference.exposed` (409), `reference.text_missing` (422). */
  async submit(actor: Actor, slotId: string, input: SubmitReference): Promise<SubmitReferenceReply> {
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
    input: SubmitReference,
  ): Promise<Submitted<Done>> {
    const slot = await lockTask(tx, actor, slotId, input.fencingToken, KINDS);
    const before = slot ? null : await answeredBefore(tx, actor, slotId);
    if (before) {
      const { resultId, ...rest } = before;
      return { ...rest, reference: await readReference(tx, actor.projectId, resultId!) };
    }
    const refusal = slot ? await this.refusal(tx, actor, slot, input) : await lostSlot(tx, actor, slotId);
    if (slot && !refusal) return this.store(tx, actor, slot, input);
    await keepAsDraft(tx, actor, slotId, input.fencingToken, {
      kind: input.kind,
      text: input.text,
      afterExposure: input.afterExposure,
    });
    return { refusal: refusal! };
  }

  private async refusal(
    tx: EntityManager,
    actor: Actor,
    slot: LockedTask,
    input: SubmitReference,
  ): Promise<DomainError | null> {
    const putAside = await refusePutAside(tx, actor, slot, slot.recordId);
    if (putAside) return putAside;
    if (input.kind !== 'cannot_answer' && input.text === '') return referenceTextMissing();
    if (input.afterExposure || !(await isExposed(tx, actor, slot.recordId))) return null;
    return referenceExposed(slot.recordId);
  }

  private async store(
    tx: EntityManager,
    actor: Actor,
    slot: LockedTask,
    input: SubmitReference,
  ): Promise<Submitted<Done>> {
    const reference = await writeReference(tx, actor, { ...input, promptId: slot.promptId, recordId: slot.recordId });
    const answerId = await finishSlot(tx, actor, slot, {
      verdict: 'done',
      resultType: 'reference',
      resultId: reference.id,
      seconds: input.seconds,
    });
    const fate = await settleTask(tx, slot.taskId);
    await noteFate(tx, answerId, fate);
    await writeAudit(tx, actor, {
      action: 'reference.write',
      subjectType: 'reference',
      subjectId: reference.id,
      after: { promptId: slot.promptId, kind: reference.kind, afterExposure: reference.afterExposure, answerId },
    });
    return { answerId, fate, reference, taskSetId: slot.taskSetId, again: false };
  }
}
