import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { RunMethod } from '@qingnang/contracts';

/** A checkpoint registered under a name; its folder lies in the data folder. */
@Entity({ name: 'model' })
export class ModelEntity {
  @PrimaryColumn({ name: 'id', type: 'uuid' })
  id!: string;

  @Column({ name: 'project_id', type: 'uuid' })
  projectId!: string;

  @Column({ name: 'name', type: 'text' })
  name!: string;

  @Column({ name: 'stage', type: 'text' })
  stage!: RunMethod;

  @Column({ name: 'run_id', type: 'uuid', nullable: true })
  runId!: string | null;

  @Column({ name: 'checkpoint_id', type: 'uuid', nullable: true })
  checkpointId!: string | null;

  @Column({ name: 'weights_hash', type: 'text' })
  weightsHash!: string;

  @Column({ name: 'folder', type: 'text' })
  folder!: string;

  @Column({ name: 'context_tokens', type: 'integer' })
  contextTokens!: number;

  @Column({ name: 'rehearsal', type: 'boolean', default: false })
  rehearsal!: boolean;

  @Column({ name: 'state', type: 'text', default: 'registered' })
  state!: 'registered' | 'withdrawn';

  @Column({ name: 'created_at', type: 'timestamptz', default: () => 'now()' })
  createdAt!: Date;
}
