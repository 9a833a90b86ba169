import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { ApprovalHow } from '@qingnang/contracts';

/** Which version of a record counts, from when until when; the row without an end is today's. */
@Entity('approval')
export class ApprovalEntity {
  @PrimaryColumn({ type: 'uuid' }) id!: string;
  @Column({ type: 'uuid' }) projectId!: string;
  @Column({ type: 'uuid' }) recordId!: string;
  @Column({ type: 'uuid' }) versionId!: string;
  @Column({ type: 'uuid', nullable: true }) taskId!: string | null;
  @Column({ type: 'uuid', nullable: true }) approvedBy!: string | null;
  @Column({ type: 'text', nullable: true }) rule!: string | null;
  /** Worked out from the rule by the database. */
  @Column({ type: 'text', insert: false, update: false }) how!: ApprovalHow;
  @Column({ type: 'uuid', nullable: true }) bulkJobId!: string | null;
  @Column({ type: 'text' }) reason!: string;
  @Column({ type: 'timestamptz' }) fromAt!: Date;
  @Column({ type: 'timestamptz', nullable: true }) untilAt!: Date | null;
}
