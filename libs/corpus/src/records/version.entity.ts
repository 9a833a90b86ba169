import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Turn } from '@qingnang/contracts';

export type VersionKind = 'import' | 'mask' | 'polish' | 'distil' | 'edit' | 'adjudication';

/** One immutable text of a record; `turns` is null only after an erasure. */
@Entity('version')
export class VersionEntity {
  @PrimaryColumn({ type: 'uuid' }) id!: string;
  @PrimaryColumn({ type: 'uuid' }) projectId!: string;
  @Column({ type: 'uuid' }) recordId!: string;
  @Column({ type: 'uuid', nullable: true }) parentId!: string | null;
  @Column({ type: 'text' }) kind!: VersionKind;
  @Column({ type: 'jsonb', nullable: true }) turns!: Turn[] | null;
  @Column({ type: 'boolean' }) rehearsal!: boolean;
  @Column({ type: 'text' }) madeByKind!: string;
  @Column({ type: 'text' }) madeById!: string;
  @Column({ type: 'uuid', nullable: true }) llmItemId!: string | null;
  @Column({ type: 'uuid', nullable: true }) promptVersionId!: string | null;
  @Column({ type: 'text', nullable: true }) model!: string | null;
  @Column({ type: 'uuid', nullable: true }) removalId!: string | null;
  @Column({ type: 'timestamptz' }) createdAt!: Date;
}
