import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A checkpoint that a run has written, named by the hash of its weights. */
@Entity({ name: 'checkpoint' })
export class CheckpointEntity {
  @PrimaryColumn({ name: 'id', type: 'uuid' })
  id!: string;

  @Column({ name: 'project_id', type: 'uuid' })
  projectId!: string;

  @Column({ name: 'run_id', type: 'uuid' })
  runId!: string;

  @Column({ name: 'attempt', type: 'integer' })
  attempt!: number;

  @Column({ name: 'step', type: 'integer' })
  step!: number;

  @Column({ name: 'folder', type: 'text' })
  folder!: string;

  @Column({ name: 'weights_hash', type: 'text' })
  weightsHash!: string;

  @Column({ name: 'bytes', type: 'bigint' })
  bytes!: string;

  @Column({ name: 'created_at', type: 'timestamptz', default: () => 'now()' })
  createdAt!: Date;
}
