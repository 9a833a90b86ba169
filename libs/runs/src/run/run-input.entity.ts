import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { RunInputRole } from '@qingnang/contracts';

/** What a run reads in one role, with the hash it had when the run was made. */
@Entity({ name: 'run_input' })
export class RunInputEntity {
  @PrimaryColumn({ name: 'run_id', type: 'uuid' })
  runId!: string;

  @Column({ name: 'project_id', type: 'uuid' })
  projectId!: string;

  @PrimaryColumn({ name: 'role', type: 'text' })
  role!: RunInputRole;

  @PrimaryColumn({ name: 'n', type: 'integer', default: 0 })
  n!: number;

  @Column({ name: 'snapshot_id', type: 'uuid', nullable: true })
  snapshotId!: string | null;

  @Column({ name: 'model_id', type: 'uuid', nullable: true })
  modelId!: string | null;

  @Column({ name: 'digest', type: 'text' })
  digest!: string;

  @Column({ name: 'weight', type: 'double precision', default: 1 })
  weight!: number;
}
