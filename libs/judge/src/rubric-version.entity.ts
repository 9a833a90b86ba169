import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { RubricDimension } from '@qingnang/contracts';

/** What answers are scored by. Never changed: other dimensions are the next number. */
@Entity('rubric_version')
export class RubricVersionEntity {
  @PrimaryColumn({ type: 'uuid' }) id!: string;
  @Column({ type: 'uuid' }) projectId!: string;
  @Column({ type: 'text' }) key!: string;
  @Column({ type: 'integer' }) number!: number;
  @Column({ type: 'jsonb' }) dimensions!: RubricDimension[];
  @Column({ type: 'uuid', nullable: true }) promptVersionId!: string | null;
  /** Whether judges first grade the doctor's answer. */
  @Column({ type: 'boolean', default: false }) gradesReference!: boolean;
  @Column({ type: 'timestamptz', default: () => 'now()' }) createdAt!: Date;
}
