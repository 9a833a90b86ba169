import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Actor, ReferenceView, ReviseReference, TaskKind, UndoneAnswer } from '@qingnang/contracts';
import { BlindPairTaskService } from '@qingnang/evaluation';
import { type IsInSnapshot, ReferenceService, TakeBackService } from '@qingnang/preference';
import { AdjudicationService, PolishReviewService } from '@qingnang/review';
import { inSnapshots } from '@qingnang/snapshot';

/** People put right what they did, for as long as nothing was made of it; what that undoes, the library of its kind knows. */
@Injectable()
export class CorrectionDesk {
  constructor(
    private readonly dataSource: DataSource,
    private readonly reviews: PolishReviewService,
    private readonly pairs: BlindPairTaskService,
    private readonly labels: TakeBackService,
    private readonly references: ReferenceService,
    private readonly adjudications: AdjudicationService,
  ) {}

  async undo(actor: Actor, answerId: string): Promise<UndoneAnswer> {
    const [answer] = await this.dataSource.query<{ kind: TaskKind }[]>(
      `select ts.kind from answer a join slot s on s.id = a.slot_id join task_set ts on ts.id = s.task_set_id
       where a.project_id = $1 and a.id = $2 and a.person_id = $3`,
      [actor.projectId, answerId, actor.personId],
    );
    if (answer?.kind === 'blind_pair') return { slot: await this.pairs.undo(actor, answerId) };
    if (answer?.kind === 'adjudication') return { slot: await this.adjudications.undo(actor, answerId) };
    if (answer && answer.kind !== 'polish_review') {
      return { slot: await this.labels.undo(actor, answerId, isInSnapshot(actor)) };
    }
    const { slot } = await this.reviews.undo(actor, answerId);
    return { slot };
  }

  revise(actor: Actor, id: string, revision: number, input: ReviseReference): Promise<ReferenceView> {
    return this.references.revise(actor, id, revision, input, isInSnapshot(actor));
  }
}

const isInSnapshot =
  ({ projectId }: Actor): IsInSnapshot =>
  async (tx, { id }) =>
    (await inSnapshots(tx, projectId, [id])).has(id);
