import { Column, Entity, PrimaryColumn } from 'typeorm';
import { numeric } from './numeric.js';

/** A hard limit on spending: of one job, of a project, of a project in one month. */
@Entity({ name: 'budget' })
export class BudgetEntity {
  @PrimaryColumn({ name: 'id', type: 'uuid' })
  id!: string;

  @Column({ name: 'project_id', type: 'uuid' })
  projectId!: string;

  @Column({ name: 'scope', type: 'text' })
  scope!: 'job' | 'project' | 'month';

  @Column({ name: 'job_id', type: 'uuid', nullable: true })
  jobId!: string | null;

  @Column({ name: 'month', type: 'date', nullable: true })
  month!: string | null;

  @Column({ name: 'limit_amount', type: 'numeric', precision: 14, scale: 6, transformer: numeric })
  limitAmount!: number;

  @Column({ name: 'spent', type: 'numeric', precision: 14, scale: 6, default: 0, transformer: numeric })
  spent!: number;

  @Column({ name: 'reserved', type: 'numeric', precision: 14, scale: 6, default: 0, transformer: numeric })
  reserved!: number;

  @Column({ name: 'currency', type: 'text', default: 'CNY' })
  currency!: string;

  @Column({ name: 'created_at', type: 'timestamptz', default: () => 'now()' })
  createdAt!: Date;
}
