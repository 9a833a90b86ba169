import { Injectable } from '@nestjs/common';
import type { Actor, TaskSet, UpdateTaskSet } from '@qingnang/contracts';
import { EvaluationService } from '@qingnang/evaluation';
import { TaskSetService } from '@qingnang/review';

/** Opening and closing a set of blind pairs is news for the evaluation that asks. */
@Injectable()
export class TaskSetsDesk {
  constructor(
    private readonly sets: TaskSetService,
    private readonly evaluations: EvaluationService,
  ) {}

  async update(actor: Actor, id: string, revision: number, input: UpdateTaskSet): Promise<TaskSet> {
    if (input.state === 'open') {
      const { evaluationId } = await this.sets.get(actor, id);
      if (evaluationId !== null) await this.evaluations.mayAskDoctors(actor, evaluationId);
    }
    const set = await this.sets.update(actor, id, revision, input);
    if (set.evaluationId !== null && input.state !== undefined) await this.evaluations.settle(set.evaluationId);
    return set;
  }
}
