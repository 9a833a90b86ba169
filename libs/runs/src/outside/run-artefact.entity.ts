import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A file below the run's folder that a trainer elsewhere has sent whole, or is sending. */
@Entity({ name: 'run_artefact' })
export class RunArtefactEntity {
  @PrimaryColumn({ name: 'run_id', type: 'uuid' })
  runId!: string;

  @Column({ name: 'project_id', type: 'uuid' })
  projectId!: string;

  @PrimaryColumn({ name: 'path', type: 'text' })
  path!: string;

  @PrimaryColumn({ name: 'whole', type: 'boolean', default: true })
  whole!: boolean;

  /** Of the whole file, also while it is on its way. */
  @Column({ name: 'bytes', type: 'bigint' })
  bytes!: string;

  @Column({ name: 'sha256', type: 'text' })
  sha256!: string;

  @Column({ name: 'attempt', type: 'integer' })
  attempt!: number;

  @Column({ name: 'created_at', type: 'timestamptz', default: () => 'now()' })
  createdAt!: Date;
}
