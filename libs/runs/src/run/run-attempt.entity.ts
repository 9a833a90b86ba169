import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { RunAttemptView } from '@qingnang/contracts';

/** One process that worked on a run, from its start to its end. */
@Entity({ name: 'run_attempt' })
export class RunAttemptEntity {
  @PrimaryColumn({ name: 'id', type: 'uuid' })
  id!: string;

  @Column({ name: 'project_id', type: 'uuid' })
  projectId!: string;

  @Column({ name: 'run_id', type: 'uuid' })
  runId!: string;

  @Column({ name: 'n', type: 'integer' })
  n!: number;

  @Column({ name: 'launcher', type: 'text', default: 'local' })
  launcher!: string;

  @Column({ name: 'handle', type: 'jsonb', default: () => `'{}'` })
  handle!: Record<string, unknown>;

  @Column({ name: 'state', type: 'text', default: 'starting' })
  state!: RunAttemptView['state'];

  @Column({ name: 'resumed_from_step', type: 'integer', nullable: true })
  resumedFromStep!: number | null;

  @Column({ name: 'exit_code', type: 'integer', nullable: true })
  exitCode!: number | null;

  @Column({ name: 'heartbeat_at', type: 'timestamptz', nullable: true })
  heartbeatAt!: Date | null;

  @Column({ name: 'started_at', type: 'timestamptz', default: () => 'now()' })
  startedAt!: Date;

  @Column({ name: 'ended_at', type: 'timestamptz', nullable: true })
  endedAt!: Date | null;
}
