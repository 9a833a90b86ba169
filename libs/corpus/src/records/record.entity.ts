import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { DataSet, Language } from '@qingnang/contracts';

/** imported → in_work ⇄ approved; any → held_back → back; any → withdrawn. */
export type RecordState = 'imported' | 'in_work' | 'approved' | 'held_back' | 'withdrawn';

/** A dialogue whose text is a tree of versions. */
@Entity('record')
export class RecordEntity {
  @PrimaryColumn({ type: 'uuid' }) id!: string;
  @PrimaryColumn({ type: 'uuid' }) projectId!: string;
  @Column({ type: 'text' }) dataSet!: DataSet;
  @Column({ type: 'text', nullable: true }) department!: string | null;
  @Column({ type: 'text', nullable: true }) intent!: string | null;
  @Column({ type: 'text' }) language!: Language;
  @Column({ type: 'bytea' }) identityHash!: Buffer;
  @Column({ type: 'bytea', nullable: true }) questionHash!: Buffer | null;
  @Column({ type: 'boolean' }) questionOnly!: boolean;
  @Column({ type: 'text' }) state!: RecordState;
  @Column({ type: 'text', array: true, nullable: true }) flags!: string[] | null;
  @Column({ type: 'text', nullable: true }) patientKey!: string | null;
  @Column({ type: 'text', nullable: true }) dialogueKey!: string | null;
  @Column({ type: 'uuid', nullable: true }) derivedFromRecordId!: string | null;
  /** The import whose undoing took it out; words that come again bring it back. */
  @Column({ type: 'uuid', nullable: true }) undoneImportId!: string | null;
  @Column({ type: 'boolean' }) synthetic!: boolean;
  /** Every source that said its words, those of what it was made from, and what they allow together. */
  @Column({ type: 'uuid' }) sourceSetId!: string;
  @Column({ type: 'uuid' }) importVersionId!: string;
  @Column({ type: 'uuid' }) latestVersionId!: string;
  @Column({ type: 'integer' }) turnCount!: number;
  @Column({ type: 'integer' }) characterCount!: number;
  @Column({ type: 'timestamptz' }) createdAt!: Date;
  @Column({ type: 'timestamptz' }) updatedAt!: Date;
}
