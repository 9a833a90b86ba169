import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Role, TaskKind } from '@qingnang/contracts';

/** A batch of work of one kind, for people with certain roles. */
@Entity('task_set')
export class TaskSetEntity {
  @PrimaryColumn({ type: 'uuid' }) id!: string;
  @Column({ type: 'uuid' }) projectId!: string;
  @Column({ type: 'text' }) name!: string;
  @Column({ type: 'text' }) kind!: TaskKind;
  @Column({ type: 'jsonb' }) filter!: Record<string, unknown>;
  @Column({ type: 'integer' }) overlap!: number;
  @Column({ type: 'text', array: true }) roles!: Role[];
  @Column({ type: 'text', array: true }) departments!: string[];
  @Column({ type: 'date', nullable: true }) deadline!: string | null;
  @Column({ type: 'jsonb' }) settings!: Record<string, unknown>;
  /** Of an adjudication: the set whose answers it decides, and who sits at it. */
  @Column({ type: 'uuid', nullable: true }) decidesTaskSetId!: string | null;
  @Column({ type: 'text', nullable: true }) desk!: 'lead' | 'doctor' | null;
  @Column({ type: 'text' }) state!: 'open' | 'closed';
  @Column({ type: 'uuid', nullable: true }) createdBy!: string | null;
  @Column({ type: 'timestamptz' }) createdAt!: Date;
  @Column({ type: 'integer' }) revision!: number;
}
