import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A registered model answering over HTTP: a child process of a worker, kept while wanted. */
@Entity({ name: 'model_server' })
export class ModelServerEntity {
  @PrimaryColumn({ name: 'id', type: 'uuid' })
  id!: string;

  @Column({ name: 'project_id', type: 'uuid' })
  projectId!: string;

  @Column({ name: 'model_id', type: 'uuid' })
  modelId!: string;

  @Column({ name: 'provider_id', type: 'uuid', nullable: true })
  providerId!: string | null;

  @Column({ name: 'worker_id', type: 'text', nullable: true })
  workerId!: string | null;

  @Column({ name: 'port', type: 'integer', nullable: true })
  port!: number | null;

  @Column({ name: 'state', type: 'text', default: 'starting' })
  state!: 'starting' | 'ready' | 'stopped' | 'failed';

  @Column({ name: 'failure', type: 'text', nullable: true })
  failure!: string | null;

  @Column({ name: 'wanted_until', type: 'timestamptz' })
  wantedUntil!: Date;

  @Column({ name: 'heartbeat_at', type: 'timestamptz', nullable: true })
  heartbeatAt!: Date | null;

  @Column({ name: 'created_at', type: 'timestamptz', default: () => 'now()' })
  createdAt!: Date;
}
