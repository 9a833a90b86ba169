import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { writeAudit } from '@qingnang/audit';
import type { Actor, RankingTask, SubmitRanking, SubmitRankingReply } from '@qingnang/contracts';
import { ensureRubric } from '@qingnang/judge';
import type { Queryable } from '@qingnang/database';
import { DomainError } from '@qingnang/kernel';
import {
  answeredBefore,
  baseChanged,
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
import { type NewJudgement, storeJudgement } from '../judgements/store-judgement.js';
import { derivePairs } from '../pairs/derive-pairs.js';
import { readPromptHead } from '../prompts/prompt-head.js';
import { noteCandidatesSeen } from '../references/exposure.js';
import { type Shown, shownCandidates } from './shown-candidates.js';

type Done = Omit<SubmitRankingReply, 'next'>;

const KINDS = ['ranking', 'confirm_ranking'] as const;

/** Doctors (or lay people) put candidates in order: blind, or looking over the AI's order. */
@Injectable()
export class RankingTaskService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly work: WorkService,
  ) {}

  /** What to rank. From here on the person counts as having seen models' replies on the record. */
  async show(actor: Actor, slotId: string, db: Queryable = this.dataSource): Promise<RankingTask> {
    const slot = await heldOfKind(db, actor, slotId, KINDS);
    const prompt = await readPromptHead(db, actor.projectId, slot.subjectId);
    const task = {
      slotId,
      taskId: slot.taskId,
      promptId: slot.subjectId,
      withAiOrder: slot.kind === 'confirm_ranking',
    };
    const shown = await shownCandidates(db, actor, task);
    await noteCandidatesSeen(db, actor, prompt.recordId);
    return {
      slot,
      prompt,
      candidates: shown.candidates.map(({ key, text }) => ({ key, text })),
      rehearsal: shown.candidates.some((candidate) => candidate.rehearsal),
      aiRanks: shown.aiRanks,
    };
  }

  /** Refused with the order kept as a draft: `slot.lease_lost`, `slot.base_changed` (409), `ranking.incomplete` (422). */
  async submit(actor: Actor, slotId: string, input: SubmitRanking): Promise<SubmitRankingReply> {
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
    input: SubmitRanking,
  ): Promise<Submitted<Done>> {
    const slot = await lockTask(tx, actor, slotId, input.fencingToken, KINDS);
    const before = slot ? null : await answeredBefore(tx, actor, slotId);
    if (before) {
      const { resultId, ...rest } = before;
      return { ...rest, judgementId: resultId!, pairs: pairsOf(await storedItems(tx, resultId!)) };
    }
    const shown =
      slot && (await shownCandidates(tx, actor, { ...slot, slotId, withAiOrder: slot.kind === 'confirm_ranking' }));
    const putAside = slot && (await refusePutAside(tx, actor, slot, slot.recordId));
    const refusal = putAside ?? (shown ? refusalOf(slotId, shown, input) : await lostSlot(tx, actor, slotId));
    if (slot && shown && !refusal) return this.store(tx, actor, slot, shown, input);
    await keepAsDraft(tx, actor, slotId, input.fencingToken, { ranks: input.ranks, reason: input.reason });
    return { refusal: refusal! };
  }

  private async store(
    tx: EntityManager,
    actor: Actor,
    slot: LockedTask,
    shown: Shown,
    input: SubmitRanking,
  ): Promise<Submitted<Done>> {
    const items = itemsOf(shown, input);
    const judgement = await this.judgementOf(tx, actor, slot, shown, items);
    const judgementId = await storeJudgement(tx, { ...judgement, reason: input.reason === '' ? null : input.reason });
    const answerId = await finishSlot(tx, actor, slot, {
      verdict: 'done',
      resultType: 'judgement',
      resultId: judgementId,
      seconds: input.seconds,
    });
    const fate = await settleTask(tx, slot.taskId);
    await noteFate(tx, answerId, fate);
    await writeAudit(tx, actor, {
      action: 'judgement.write',
      subjectType: 'judgement',
      subjectId: judgementId,
      after: {
        promptId: slot.promptId,
        origin: judgement.origin,
        aiOrderShown: judgement.aiOrderShown,
        candidates: items.length,
        answerId,
      },
    });
    return { answerId, judgementId, fate, pairs: pairsOf(items), taskSetId: slot.taskSetId, again: false };
  }

  private async judgementOf(
    tx: EntityManager,
    actor: Actor,
    slot: LockedTask,
    shown: Shown,
    items: RankedItem[],
  ): Promise<NewJudgement> {
    const rubric = await ensureRubric(tx, actor.projectId);
    return {
      projectId: actor.projectId,
      promptId: slot.promptId,
      referenceId: null,
      rubricVersionId: rubric.id,
      origin: actor.roles.includes('doctor') ? 'doctor' : 'lay',
      personId: actor.personId,
      slotId: slot.id,
      aiOrderShown: slot.kind === 'confirm_ranking',
      // An order taken over as it was is still the rehearsal judge's.
      rehearsal:
        shown.aiRehearsal &&
        sameOrder(
          shown.aiRanks ?? [],
          items.map((item) => -item.worth),
        ),
      items,
    };
  }
}

interface RankedItem {
  candidateId: string;
  worth: number;
  bad: boolean;
}

/** What the letters stood for, in the order shown. */
function itemsOf(shown: Shown, input: SubmitRanking): RankedItem[] {
  const given = new Map(input.ranks.map((one) => [one.key, one]));
  return shown.candidates.map(({ key, candidateId }) => {
    const { rank, bad } = given.get(key)!;
    return { candidateId, worth: -rank, bad };
  });
}

function refusalOf(slotId: string, shown: Shown, input: SubmitRanking): DomainError | null {
  const keys = new Set(input.ranks.map((one) => one.key));
  const known = new Set(shown.candidates.map((candidate) => candidate.key));
  // A letter nobody showed: candidates were erased since, and the letters no longer mean the same.
  if ([...keys].some((key) => !known.has(key))) return baseChanged(slotId);
  if (keys.size === known.size && keys.size === input.ranks.length) return null;
  return new DomainError({
    code: 'ranking.incomplete',
    status: 422,
    field: 'ranks',
    detail: `Each of the ${known.size} candidates takes one place; equal ones may share it.`,
    details: { shown: known.size, ranked: keys.size },
  });
}

function sameOrder(a: readonly number[], b: readonly number[]): boolean {
  return a.every((rank, i) => a.every((other, j) => Math.sign(rank - other) === Math.sign(b[i]! - b[j]!)));
}

async function storedItems(tx: EntityManager, judgementId: string): Promise<RankedItem[]> {
  return tx.query(
    'select candidate_id as "candidateId", -rank::float8 as worth, bad from judgement_item where judgement_id = $1',
    [judgementId],
  );
}

/** Pairs that this order alone gives. */
function pairsOf(items: readonly RankedItem[]): number {
  const judgement = {
    origin: 'doctor' as const,
    rubricVersionId: '',
    referenceId: null,
    aiOrderShown: false,
    items: items.map(({ candidateId, worth, bad }) => ({ candidateId, rank: -worth, total: null, bad })),
  };
  return derivePairs([judgement], { minMargin: 0 }).length;
}
