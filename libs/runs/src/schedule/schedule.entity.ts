import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { RunTemplate } from '@qingnang/contracts';

/** Starts runs of one template at times of its own. */
@Entity({ name: 'schedule' })
export class ScheduleEntity {
  @PrimaryColumn({ name: 'id', type: 'uuid' })
  id!: string;

  @Column({ name: 'project_id', type: 'uuid' })
  projectId!: string;

  @Column({ name: 'name', type: 'text' })
  name!: string;

  /** Five fields, meant in `timeZone`. */
  @Column({ name: 'cron', type: 'text' })
  cron!: string;

  @Column({ name: 'time_zone', type: 'text', default: 'Asia/Shanghai' })
  timeZone!: string;

  @Column({ name: 'run_template', type: 'jsonb' })
  template!: RunTemplate;

  @Column({ name: 'state', type: 'text', default: 'active' })
  state!: 'active' | 'paused';

  /** Null while paused, and where the pattern has no time left. */
  @Column({ name: 'next_at', type: 'timestamptz', nullable: true })
  nextAt!: Date | null;

  @Column({ name: 'created_by', type: 'uuid', nullable: true })
  createdBy!: string | null;

  @Column({ name: 'created_at', type: 'timestamptz', default: () => 'now()' })
  createdAt!: Date;

  @Column({ name: 'revision', type: 'integer', default: 1 })
  revision!: number;
}
