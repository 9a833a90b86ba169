import { Column, Entity, PrimaryColumn } from 'typeorm';

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
  @Column({ type: 'text' }) reason!: string;
  @Column({ type: 'timestamptz' }) fromAt!: Date;
  @Column({ type: 'timestamptz', nullable: true }) untilAt!: Date | null;
}
