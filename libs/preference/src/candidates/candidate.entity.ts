import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { JsonObject } from '@qingnang/contracts';

/** One sample of a model's reply to a prompt, and how it was drawn. */
@Entity('candidate')
export class CandidateEntity {
  @PrimaryColumn({ type: 'uuid' }) id!: string;
  @Column({ type: 'uuid' }) projectId!: string;
  @Column({ type: 'uuid' }) promptId!: string;
  @Column({ type: 'uuid', nullable: true }) providerId!: string | null;
  @Column({ type: 'text' }) model!: string;
  @Column({ type: 'uuid', nullable: true }) modelId!: string | null;
  @Column({ type: 'jsonb', default: () => `'{}'` }) settings!: JsonObject;
  @Column({ type: 'integer' }) sampleIndex!: number;
  @Column({ type: 'text', nullable: true }) text!: string | null;
  @Column({ type: 'uuid', nullable: true }) llmItemId!: string | null;
  @Column({ type: 'text', nullable: true }) checkpointHash!: string | null;
  @Column({ type: 'boolean', default: false }) rehearsal!: boolean;
  @Column({ type: 'uuid', nullable: true }) removalId!: string | null;
  @Column({ type: 'timestamptz', default: () => 'now()' }) createdAt!: Date;
}
