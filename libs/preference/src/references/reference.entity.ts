import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { ReferenceKind } from '@qingnang/contracts';

/** A doctor's answer to a prompt. A change is the next revision; none is overwritten. */
@Entity('reference')
export class ReferenceEntity {
  @PrimaryColumn({ type: 'uuid' }) id!: string;
  @Column({ type: 'uuid' }) projectId!: string;
  @Column({ type: 'uuid' }) promptId!: string;
  /** Null for the record's own doctor, who has no account here. */
  @Column({ type: 'uuid', nullable: true }) doctorId!: string | null;
  @Column({ type: 'integer', default: 1 }) revision!: number;
  @Column({ type: 'text' }) kind!: ReferenceKind;
  @Column({ type: 'text', nullable: true }) text!: string | null;
  @Column({ type: 'boolean', default: false }) afterExposure!: boolean;
  @Column({ type: 'uuid', array: true, default: () => `'{}'` }) llmCallIds!: string[];
  @Column({ type: 'boolean', default: false }) rehearsal!: boolean;
  @Column({ type: 'boolean', default: false }) synthetic!: boolean;
  /** Taken back by its doctor: kept, and counts for nothing. */
  @Column({ type: 'boolean', default: false }) undone!: boolean;
  @Column({ type: 'uuid', nullable: true }) removalId!: string | null;
  @Column({ type: 'timestamptz', default: () => 'now()' }) createdAt!: Date;
}
