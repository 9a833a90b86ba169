import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Who compares the answers of an evaluation: a model, in both orders, or doctors, blind. */
@Entity({ name: 'evaluation_judge' })
export class EvaluationJudgeEntity {
  @PrimaryColumn({ name: 'id', type: 'uuid' })
  id!: string;

  @Column({ name: 'project_id', type: 'uuid' })
  projectId!: string;

  @Column({ name: 'evaluation_id', type: 'uuid' })
  evaluationId!: string;

  @Column({ name: 'n', type: 'integer' })
  n!: number;

  @Column({ name: 'kind', type: 'text' })
  kind!: 'model' | 'doctors';

  @Column({ name: 'provider_id', type: 'uuid', nullable: true })
  providerId!: string | null;

  @Column({ name: 'model', type: 'text', nullable: true })
  model!: string | null;

  @Column({ name: 'prompt_version_id', type: 'uuid', nullable: true })
  promptVersionId!: string | null;

  @Column({ name: 'settings', type: 'jsonb', default: () => `'{}'` })
  settings!: { overlap?: number; departments?: string[]; deadline?: string | null };

  /** The set in which doctors are asked; null until there are pairs. */
  @Column({ name: 'task_set_id', type: 'uuid', nullable: true })
  taskSetId!: string | null;
}
