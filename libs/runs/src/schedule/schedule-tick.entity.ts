import { Column, Entity, PrimaryColumn } from 'typeorm';

/** One time a schedule came due, and what came of it: unique, so that no time starts two runs. */
@Entity({ name: 'schedule_tick' })
export class ScheduleTickEntity {
  @PrimaryColumn({ name: 'id', type: 'uuid' })
  id!: string;

  @Column({ name: 'project_id', type: 'uuid' })
  projectId!: string;

  @Column({ name: 'schedule_id', type: 'uuid' })
  scheduleId!: string;

  @Column({ name: 'due_at', type: 'timestamptz' })
  dueAt!: Date;

  @Column({ name: 'trigger', type: 'text' })
  trigger!: 'time' | 'person';

  @Column({ name: 'outcome', type: 'text' })
  outcome!: 'started' | 'skipped' | 'refused';

  @Column({ name: 'run_id', type: 'uuid', nullable: true })
  runId!: string | null;

  @Column({ name: 'code', type: 'text', nullable: true })
  code!: string | null;

  @Column({ name: 'detail', type: 'text', nullable: true })
  detail!: string | null;

  @Column({ name: 'created_at', type: 'timestamptz', default: () => 'now()' })
  createdAt!: Date;
}
