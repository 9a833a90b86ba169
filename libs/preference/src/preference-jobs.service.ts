import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { writeAudit } from '@qingnang/audit';
import type { Actor, CreateCandidateJob, CreateJudgeJob } from '@qingnang/contracts';
import { ensureRubric, RubricVersionEntity } from '@qingnang/judge';
import { notFound } from '@qingnang/kernel';
import { LlmJobService, type NewLlmJob } from '@qingnang/llm';

export interface WrittenJob {
  id: string;
  state: string;
}

/** Jobs that draw candidates and judge them. They wait as `estimated`; starting them is the same for every purpose. */
@Injectable()
export class PreferenceJobService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly jobs: LlmJobService,
  ) {}

  createCandidateJob(actor: Actor, input: CreateCandidateJob): Promise<WrittenJob> {
    const { promptVersionId, ...job } = input;
    return this.dataSource.transaction((tx) =>
      this.create(tx, actor, {
        ...job,
        purpose: 'candidate',
        promptVersionIds: promptVersionId === null ? [] : [promptVersionId],
      }),
    );
  }

  /** Under the newest rubric unless told; the first job of a project makes the first rubric. */
  createJudgeJob(actor: Actor, input: CreateJudgeJob): Promise<WrittenJob> {
    const { rubricVersionId, ...job } = input;
    return this.dataSource.transaction(async (tx) => {
      const rubric = rubricVersionId
        ? await tx.findOneBy(RubricVersionEntity, { projectId: actor.projectId, id: rubricVersionId })
        : await ensureRubric(tx, actor.projectId);
      if (!rubric) throw notFound('rubric', rubricVersionId!);
      return this.create(tx, actor, {
        ...job,
        purpose: 'judge',
        promptVersionIds: rubric.promptVersionId === null ? [] : [rubric.promptVersionId],
        settings: { ...job.settings, rubricVersionId: rubric.id },
      });
    });
  }

  private async create(tx: EntityManager, actor: Actor, input: NewLlmJob): Promise<WrittenJob> {
    const { id, state, estimate } = await this.jobs.create(tx, actor, input);
    await writeAudit(tx, actor, {
      action: 'llm_job.create',
      subjectType: 'llm_job',
      subjectId: id,
      after: { purpose: input.purpose, providerId: input.providerId, model: input.model, calls: estimate?.calls },
    });
    return { id, state };
  }
}
