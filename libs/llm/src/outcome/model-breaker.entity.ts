import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Failures in a row of one model of a provider, and until when it is left alone. */
@Entity({ name: 'model_breaker' })
export class ModelBreakerEntity {
  @Column({ name: 'project_id', type: 'uuid' })
  projectId!: string;

  @PrimaryColumn({ name: 'provider_id', type: 'uuid' })
  providerId!: string;

  @PrimaryColumn({ name: 'model', type: 'text' })
  model!: string;

  @Column({ name: 'failures', type: 'integer', default: 0 })
  failures!: number;

  @Column({ name: 'open_until', type: 'timestamptz', nullable: true })
  openUntil!: Date | null;

  @Column({ name: 'reason', type: 'text' })
  reason!: 'failing' | 'rate_limited';
}
