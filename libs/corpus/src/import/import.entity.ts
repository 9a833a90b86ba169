import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { DataSet, ImportFileRole, KnownIds, ReadPlan, Said } from '@qingnang/contracts';

export type ImportState = 'queued' | 'running' | 'done' | 'failed' | 'cancelled';

/** One reading of one file into one data set; `readCount` is also where a resumed reading goes on. */
@Entity('import')
export class ImportEntity {
  @PrimaryColumn({ type: 'uuid' }) id!: string;
  @Column({ type: 'uuid' }) projectId!: string;
  @Column({ type: 'uuid' }) sourceId!: string;
  @Column({ type: 'text' }) dataSet!: DataSet;
  @Column({ type: 'jsonb' }) plan!: ReadPlan;
  @Column({ type: 'text' }) knownIds!: KnownIds;
  @Column({ type: 'text' }) state!: ImportState;
  @Column({ type: 'integer' }) readCount!: number;
  @Column({ type: 'integer' }) acceptedCount!: number;
  @Column({ type: 'integer' }) replacedCount!: number;
  @Column({ type: 'integer' }) duplicateCount!: number;
  @Column({ type: 'integer' }) rejectedCount!: number;
  /** Rejected rows by reason. */
  @Column({ type: 'jsonb' }) reasons!: Record<string, number>;
  /** Rows taken, by what was noticed while they were read. */
  @Column({ type: 'jsonb' }) notes!: Record<string, number>;
  /** Records approved until a row of this import replaced their words. */
  @Column({ type: 'integer' }) endedApprovals!: number;
  @Column({ type: 'text', nullable: true }) failure!: string | null;
  @Column({ type: 'jsonb', nullable: true }) failureSaid!: Said | null;
  @Column({ type: 'uuid', nullable: true }) createdBy!: string | null;
  @Column({ type: 'timestamptz' }) createdAt!: Date;
  @Column({ type: 'timestamptz', nullable: true }) startedAt!: Date | null;
  @Column({ type: 'timestamptz', nullable: true }) endedAt!: Date | null;
}

/** A file of an import: one with whole rows, or several that are joined. */
@Entity('import_file')
export class ImportFileEntity {
  @PrimaryColumn({ type: 'uuid' }) importId!: string;
  @Column({ type: 'uuid' }) projectId!: string;
  @PrimaryColumn({ type: 'integer' }) n!: number;
  @Column({ type: 'text' }) role!: ImportFileRole;
  @Column({ type: 'uuid' }) uploadId!: string;
}
