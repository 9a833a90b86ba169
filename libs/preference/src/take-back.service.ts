import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { SETTINGS, type Settings } from '@qingnang/config';
import type { Actor, HeldSlot } from '@qingnang/contracts';
import { answerUsed, type OwnAnswer, readHeldSlot, takeBack } from '@qingnang/review';
import { shownCandidates } from './ranking/shown-candidates.js';
import { isJudgedBy } from './said-by-doctors.js';

/** Whether something above this library was made of a reference or an order. */
export type IsInSnapshot = (tx: EntityManager, result: { id: string }) => Promise<boolean>;

/** Doctors take back what they said, for as long as nobody used it. */
@Injectable()
export class TakeBackService {
  constructor(
    private readonly dataSource: DataSource,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /** @throws `answer.used` (409) */
  async undo(actor: Actor, answerId: string, isInSnapshot: IsInSnapshot): Promise<HeldSlot> {
    const slotId = await this.dataSource.transaction((tx) =>
      takeBack(tx, actor, answerId, this.settings.slotLeaseSeconds, (answer) =>
        answer.kind === 'reference'
          ? this.undoReference(tx, actor, answer, isInSnapshot)
          : this.undoOrder(tx, actor, answer, isInSnapshot),
      ),
    );
    return readHeldSlot(this.dataSource, actor, slotId);
  }

  /** All its revisions go; the newest comes back as the draft. */
  private async undoReference(
    tx: EntityManager,
    actor: Actor,
    answer: OwnAnswer,
    isInSnapshot: IsInSnapshot,
  ): Promise<Record<string, unknown>> {
    await tx.query('select from prompt where id = $1 for update', [answer.subject_id]);
    const [revisions]: [{ id: string; revision: number; kind: string; text: string | null; after: boolean }[], number] =
      await tx.query(
        `update reference set undone = true where project_id = $1 and prompt_id = $2 and doctor_id = $3 and not undone
         returning id, revision, kind, text, after_exposure as after`,
        [actor.projectId, answer.subject_id, actor.personId],
      );
    for (const { id } of revisions) {
      if (await isJudgedBy(tx, id)) throw answerUsed('judged');
      if (await isInSnapshot(tx, { id })) throw answerUsed('snapshot');
    }
    const newest = revisions.sort((a, b) => b.revision - a.revision)[0];
    return { kind: newest?.kind ?? 'answer', text: newest?.text ?? '', afterExposure: newest?.after ?? false };
  }

  /** By the letters under which this person was shown them. */
  private async undoOrder(
    tx: EntityManager,
    actor: Actor,
    answer: OwnAnswer,
    isInSnapshot: IsInSnapshot,
  ): Promise<Record<string, unknown>> {
    const id = answer.result_id;
    if (await isInSnapshot(tx, { id })) throw answerUsed('snapshot');
    const [[judgement]]: [{ reason: string | null }[], number] = await tx.query(
      'update judgement set undone = true where project_id = $1 and id = $2 returning reason',
      [actor.projectId, id],
    );
    const items: { candidate_id: string; rank: number; bad: boolean }[] = await tx.query(
      'select candidate_id, rank, bad from judgement_item where judgement_id = $1',
      [id],
    );
    const { candidates } = await shownCandidates(tx, actor, {
      slotId: answer.slot_id,
      taskId: answer.task_id,
      promptId: answer.subject_id,
      withAiOrder: answer.kind === 'confirm_ranking',
    });
    const said = new Map(items.map((item) => [item.candidate_id, item]));
    const ranks = candidates.flatMap(({ key, candidateId }) => {
      const item = said.get(candidateId);
      return item ? [{ key, rank: item.rank, bad: item.bad }] : [];
    });
    return { ranks, reason: judgement?.reason ?? '' };
  }
}
