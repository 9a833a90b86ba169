import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { DataSet, ReadPlan, Said } from '@qingnang/contracts';

export type ImportState = 'queued' | 'running' | 'done' | 'failed' | 'cancelled';

/** One reading of one file into one data set; `readCount` is also where a resumed reading goes on. */
@Entity('import')
export class ImportEntity {
  @PrimaryColumn({ type: 'uuid' }) id!: string;
  @Column({ type: 'uuid' }) projectId!: string;
  @Column({ type: 'uuid' }) sourceId!: string;
  @Column({ type: 'uuid' }) uploadId!: string;
  @Column({ type: 'text' }) dataSet!: DataSet;
  @Column({ type: 'jsonb' }) plan!: ReadPlan;
  @Column({ type: 'text' }) state!: ImportState;
  @Column({ type: 'integer' }) readCount!: number;
  @Column({ type: 'integer' }) acceptedCount!: number;
  @Column({ type: 'integer' }) duplicateCount!: number;
  @Column({ type: 'integer' }) rejectedCount!: number;
  /** Rejected rows by reason. */
  @Column({ type: 'jsonb' }) reasons!: Record<string, number>;
  /** Rows taken, by what was noticed while they were read. */
  @Column({ type: 'jsonb' }) notes!: Record<string, number>;
  @Column({ type: 'text', nullable: true }) failure!: string | null;
  @Column({ type: 'jsonb', nullable: true }) failureSaid!: Said | null;
  @Column({ type: 'uuid', nullable: true }) createdBy!: string | null;
  @Column({ type: 'timestamptz' }) createdAt!: Date;
  @Column({ type: 'timestamptz', nullable: true }) startedAt!: Date | null;
  @Column({ type: 'timestamptz', nullable: true }) endedAt!: Date | null;
}
