import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { BulkKind, BulkReason, BulkState, RecordFilter } from '@qingnang/contracts';

/** Something done to many records at once; `seen` counts those looked at. */
@Entity('bulk_job')
export class BulkJobEntity {
  @PrimaryColumn({ type: 'uuid' }) id!: string;
  @Column({ type: 'uuid' }) projectId!: string;
  @Column({ type: 'text' }) kind!: BulkKind;
  @Column({ type: 'text' }) state!: BulkState;
  @Column({ type: 'jsonb' }) filter!: RecordFilter;
  @Column({ type: 'jsonb' }) settings!: Record<string, unknown>;
  @Column({ type: 'uuid', nullable: true }) aboutId!: string | null;
  @Column({ type: 'text', nullable: true }) reason!: string | null;
  @Column({ type: 'integer', nullable: true }) total!: number | null;
  @Column({ type: 'integer' }) seen!: number;
  @Column({ type: 'integer' }) done!: number;
  @Column({ type: 'integer' }) leftOut!: number;
  @Column({ type: 'integer' }) undone!: number;
  @Column({ type: 'integer' }) kept!: number;
  @Column({ type: 'jsonb' }) reasons!: Partial<Record<'left' | 'kept', Partial<Record<BulkReason, number>>>>;
  @Column({ type: 'uuid', nullable: true }) afterId!: string | null;
  @Column({ type: 'text', nullable: true }) failure!: string | null;
  @Column({ type: 'uuid', nullable: true }) createdBy!: string | null;
  @Column({ type: 'timestamptz' }) createdAt!: Date;
  @Column({ type: 'timestamptz', nullable: true }) startedAt!: Date | null;
  @Column({ type: 'timestamptz', nullable: true }) endedAt!: Date | null;
}

/** A record that a bulk job did something to, or left, and why. */
@Entity('bulk_item')
export class BulkItemEntity {
  @PrimaryColumn({ type: 'uuid' }) bulkJobId!: string;
  @Column({ type: 'uuid' }) projectId!: string;
  @PrimaryColumn({ type: 'uuid' }) recordId!: string;
  @Column({ type: 'text' }) outcome!: 'done' | 'left' | 'undone' | 'kept';
  @Column({ type: 'text', nullable: true }) reason!: BulkReason | null;
  @Column({ type: 'uuid', nullable: true }) approvalId!: string | null;
  @Column({ type: 'uuid', nullable: true }) holdId!: string | null;
}
