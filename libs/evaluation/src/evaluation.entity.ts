import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { EvaluationResults, EvaluationState } from '@qingnang/contracts';

/** Entrants on one suite before judges. */
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

  /** The entrant all others are compared with, by its number; null compares each with each. */
  @Column({ name: 'baseline_n', type: 'integer', nullable: true })
  baselineN!: number | null;

  @Column({ name: 'settings', type: 'jsonb', default: () => `'{}'` })
  settings!: { maxTokens: number; temperature: number };

  @Column({ name: 'state', type: 'text', default: 'queued' })
  state!: EvaluationState;

  /** Calls to models that all of it needs. */
  @Column({ name: 'total', type: 'integer', default: 0 })
  total!: number;

  /** The results as they were when it ended. */
  @Column({ name: 'summary', type: 'jsonb', nullable: true })
  summary!: EvaluationResults | null;

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
