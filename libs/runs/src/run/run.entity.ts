import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { RunConfig, RunMethod, RunResult, RunState, TrainedElsewhere } from '@qingnang/contracts';

/** A training run: what is to be trained from what, and how far it has come. */
@Entity({ name: 'run' })
export class RunEntity {
  @PrimaryColumn({ name: 'id', type: 'uuid' })
  id!: string;

  @Column({ name: 'project_id', type: 'uuid' })
  projectId!: string;

  @Column({ name: 'name', type: 'text' })
  name!: string;

  @Column({ name: 'method', type: 'text' })
  method!: RunMethod;

  @Column({ name: 'config', type: 'jsonb' })
  config!: RunConfig;

  @Column({ name: 'seed', type: 'integer' })
  seed!: number;

  @Column({ name: 'state', type: 'text', default: 'queued' })
  state!: RunState;

  /** `outside`: its trainer works on another machine and reports with the run's own token. */
  @Column({ name: 'launcher', type: 'text', default: 'local' })
  launcher!: 'local' | 'outside';

  /** Of a model handed in: what trained it. The configuration is nobody's then. */
  @Column({ name: 'trained_elsewhere', type: 'jsonb', nullable: true })
  trainedElsewhere!: TrainedElsewhere | null;

  @Column({ name: 'folder', type: 'text' })
  folder!: string;

  @Column({ name: 'result', type: 'jsonb', nullable: true })
  result!: RunResult | null;

  @Column({ name: 'failure', type: 'text', nullable: true })
  failure!: string | null;

  @Column({ name: 'wish', type: 'text', nullable: true })
  wish!: 'pause' | 'cancel' | null;

  @Column({ name: 'created_by', type: 'uuid', nullable: true })
  createdBy!: string | null;

  @Column({ name: 'created_at', type: 'timestamptz', default: () => 'now()' })
  createdAt!: Date;

  @Column({ name: 'started_at', type: 'timestamptz', nullable: true })
  startedAt!: Date | null;

  @Column({ name: 'ended_at', type: 'timestamptz', nullable: true })
  endedAt!: Date | null;

  @Column({ name: 'revision', type: 'integer', default: 1 })
  revision!: number;
}
