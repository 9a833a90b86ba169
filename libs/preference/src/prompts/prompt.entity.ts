import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A question to be answered: the dialogue of a version up to and including a patient turn. */
@Entity('prompt')
export class PromptEntity {
  @PrimaryColumn({ type: 'uuid' }) id!: string;
  @Column({ type: 'uuid' }) projectId!: string;
  @Column({ type: 'uuid' }) recordId!: string;
  @Column({ type: 'uuid' }) versionId!: string;
  @Column({ type: 'integer' }) turnN!: number;
  /** Says to the key that leads to its subject, which has the same id, of what kind that is. */
  @Column({ type: 'text', insert: false, update: false }) subjectKind!: 'prompt';
  @Column({ type: 'timestamptz', default: () => 'now()' }) createdAt!: Date;
}
