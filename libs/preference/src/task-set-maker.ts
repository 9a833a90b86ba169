import { Injectable } from '@nestjs/common';
import type { Actor, CreateTaskSet, RecordFilter, Role, TaskSet } from '@qingnang/contracts';
import { IN_USE, recordFilterSql } from '@qingnang/corpus';
import { DomainError } from '@qingnang/kernel';
import { polishedRecords, type TaskSetEntity, taskSetStep, type TaskSubjects, TaskSetService } from '@qingnang/review';
import { PROMPT_FROM } from './prompts/prompt-sql.js';

type PromptTask = Exclude<CreateTaskSet['kind'], 'polish_review'>;

/** Which prompts `p` wait for each kind of work. */
const WAITING: Record<PromptTask, string> = {
  reference:
    'not exists (select from reference f where f.prompt_id = p.id and f.doctor_id is not null and not f.undone)',
  ranking: `(select count(distinct c.text) from candidate c where c.prompt_id = p.id) >= 2
    and not exists (select from judgement j where j.prompt_id = p.id and j.origin <> 'ai' and not j.undone and not j.ai_order_shown)`,
  confirm_ranking: `(select count(distinct c.text) from candidate c where c.prompt_id = p.id and exists (
      select from judgement_item x join judgement j on j.id = x.judgement_id
      where x.candidate_id = c.id and j.origin = 'ai' and x.total is not null)) >= 2
    and not exists (select from judgement j where j.prompt_id = p.id and j.origin <> 'ai' and not j.undone and j.ai_order_shown)`,
};

/** Who may do each kind: a reference is a doctor's word, an order may be a lay person's too. */
const WHO: Record<PromptTask, readonly Role[]> = {
  reference: ['doctor'],
  ranking: ['doctor', 'lay'],
  confirm_ranking: ['doctor', 'lay'],
};

/** Makes task sets of every kind: those over prompts here, those over records as the library below makes them. */
@Injectable()
export class TaskSetMaker {
  constructor(private readonly sets: TaskSetService) {}

  /** @throws `task_set.wrong_roles`, `task_set.empty` (422) */
  create(actor: Actor, input: CreateTaskSet): Promise<TaskSet> {
    if (input.kind === 'polish_review') return this.sets.createPolishReview(actor, input);
    const { kind } = input;
    if (!input.roles.every((role) => WHO[kind].includes(role))) throw wrongRoles(kind);
    return this.sets.create(actor, input, (id) => waitingPrompts(actor.projectId, id, kind, input));
  }
}

/** The same for those that are too large for a request. */
export const makeTaskSetStep = taskSetStep(({ id, projectId, kind, filter }: TaskSetEntity) => {
  const input = { filter: filter as RecordFilter };
  if (kind === 'polish_review') return polishedRecords(projectId, id, input);
  return waitingPrompts(projectId, id, kind as PromptTask, input);
});

function waitingPrompts(
  projectId: string,
  taskSetId: string,
  kind: PromptTask,
  input: Pick<CreateTaskSet, 'filter'>,
): TaskSubjects {
  const params: unknown[] = [projectId, taskSetId];
  const where = recordFilterSql(input.filter, params);
  return {
    params,
    sql: `select p.id as subject_id, p.record_id from ${PROMPT_FROM}
      where p.project_id = $1 and (${where}) and ${IN_USE} and v.turns is not null
        and ${WAITING[kind]}`,
  };
}

function wrongRoles(kind: PromptTask): DomainError {
  return new DomainError({
    code: 'task_set.wrong_roles',
    status: 422,
    field: 'roles',
    detail: `Tasks of the kind ${kind} are for ${WHO[kind].join(' and ')} only: choose among these roles.`,
    details: { allowed: WHO[kind] },
  });
}
