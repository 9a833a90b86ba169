import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { SnapshotKind, SnapshotManifest, SnapshotSelection, SnapshotState } from '@qingnang/contracts';

/** What a training run reads: fixed for good once frozen, in the database itself. */
@Entity('snapshot')
export class SnapshotEntity {
  @PrimaryColumn({ type: 'uuid' }) id!: string;
  @Column({ type: 'uuid' }) projectId!: string;
  @Column({ type: 'text' }) name!: string;
  @Column({ type: 'integer' }) version!: number;
  @Column({ type: 'text' }) kind!: SnapshotKind;
  @Column({ type: 'jsonb' }) selection!: SnapshotSelection;
  @Column({ type: 'jsonb', nullable: true }) manifest!: SnapshotManifest | null;
  @Column({ type: 'text', nullable: true }) digest!: string | null;
  /** Relative to the data folder; null while not frozen and after a withdrawal. */
  @Column({ type: 'text', nullable: true }) folder!: string | null;
  @Column({ type: 'text' }) state!: SnapshotState;
  @Column({ type: 'integer' }) total!: number;
  @Column({ type: 'integer' }) done!: number;
  @Column({ type: 'text', nullable: true }) failure!: string | null;
  @Column({ type: 'uuid', nullable: true }) createdBy!: string | null;
  @Column({ type: 'timestamptz' }) createdAt!: Date;
  @Column({ type: 'timestamptz', nullable: true }) frozenAt!: Date | null;
  @Column({ type: 'timestamptz', nullable: true }) withdrawnAt!: Date | null;
  @Column({ type: 'uuid', nullable: true }) successorId!: string | null;
}
