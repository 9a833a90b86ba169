import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { EvaluationState, EvaluationSummary } from '@qingnang/contracts';

/** Two models on one suite before one judge. */
@Entity({ name: 'evaluation' })
export class EvaluationEntity {
  @PrimaryColumn({ name: 'id', type: 'uuid' })
  id!: string;

  @Column({ name: 'project_id', type: 'uuid' })
  projectId!: string;

  @Column({ name: 'name', type: 'text' })
  name!: string;

  @Column({ name: 'suite_id', type: 'uuid' })
  suiteId!: string;

  @Column({ name: 'model_a_id', type: 'uuid' })
  modelAId!: string;

  @Column({ name: 'model_b_id', type: 'uuid' })
  modelBId!: string;

  @Column({ name: 'judge_provider_id', type: 'uuid' })
  judgeProviderId!: string;

  @Column({ name: 'judge_model', type: 'text' })
  judgeModel!: string;

  @Column({ name: 'prompt_version_id', type: 'uuid', nullable: true })
  promptVersionId!: string | null;

  @Column({ name: 'settings', type: 'jsonb', default: () => `'{}'` })
  settings!: { maxTokens: number; temperature: number };

  @Column({ name: 'state', type: 'text', default: 'queued' })
  state!: EvaluationState;

  @Column({ name: 'summary', type: 'jsonb', nullable: true })
  summary!: EvaluationSummary | null;

  @Column({ name: 'failure', type: 'text', nullable: true })
  failure!: string | null;

  @Column({ name: 'rehearsal', type: 'boolean', default: false })
  rehearsal!: boolean;

  @Column({ name: 'created_by', type: 'uuid', nullable: true })
  createdBy!: string | null;

  @Column({ name: 'created_at', type: 'timestamptz', default: () => 'now()' })
  createdAt!: Date;

  @Column({ name: 'ended_at', type: 'timestamptz', nullable: true })
  endedAt!: Date | null;
}
