import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { JudgementOrigin, ReferenceGrade } from '@qingnang/contracts';

/** What one judge said of the candidates of one prompt, in one order shown. */
@Entity('judgement')
export class JudgementEntity {
  @PrimaryColumn({ type: 'uuid' }) id!: string;
  @Column({ type: 'uuid' }) projectId!: string;
  @Column({ type: 'uuid' }) promptId!: string;
  @Column({ type: 'uuid', nullable: true }) referenceId!: string | null;
  @Column({ type: 'uuid' }) rubricVersionId!: string;
  @Column({ type: 'text' }) origin!: JudgementOrigin;
  @Column({ type: 'uuid', nullable: true }) personId!: string | null;
  @Column({ type: 'uuid', nullable: true }) llmItemId!: string | null;
  @Column({ type: 'uuid', nullable: true }) slotId!: string | null;
  @Column({ type: 'boolean', default: false }) aiOrderShown!: boolean;
  @Column({ type: 'boolean', default: false }) rehearsal!: boolean;
  @Column({ type: 'boolean', default: false }) synthetic!: boolean;
  @Column({ type: 'text', nullable: true }) reason!: string | null;
  @Column({ type: 'text', nullable: true }) referenceGrade!: ReferenceGrade | null;
  @Column({ type: 'double precision', nullable: true }) referenceWeight!: number | null;
  @Column({ type: 'text', nullable: true }) referenceReason!: string | null;
  /** Taken back by its doctor: kept, and counts for nothing. */
  @Column({ type: 'boolean', default: false }) undone!: boolean;
  @Column({ type: 'uuid', nullable: true }) removalId!: string | null;
  @Column({ type: 'timestamptz', default: () => 'now()' }) createdAt!: Date;
}
