import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { ChatMessage } from '@qingnang/contracts';

/** One question, with what freezing compares training text against. */
@Entity({ name: 'suite_item' })
export class SuiteItemEntity {
  @PrimaryColumn({ name: 'id', type: 'uuid' })
  id!: string;

  @Column({ name: 'project_id', type: 'uuid' })
  projectId!: string;

  @Column({ name: 'suite_id', type: 'uuid' })
  suiteId!: string;

  @Column({ name: 'n', type: 'integer' })
  n!: number;

  @Column({ name: 'messages', type: 'jsonb', nullable: true })
  messages!: ChatMessage[] | null;

  @Column({ name: 'reference', type: 'text', nullable: true })
  reference!: string | null;

  @Column({ name: 'department', type: 'text', nullable: true })
  department!: string | null;

  @Column({ name: 'category', type: 'text', nullable: true })
  category!: string | null;

  @Column({ name: 'question_hash', type: 'bytea' })
  questionHash!: Buffer;

  @Column({ name: 'signature', type: 'bigint', array: true, default: () => `'{}'` })
  signature!: string[];

  @Column({ name: 'removal_id', type: 'uuid', nullable: true })
  removalId!: string | null;
}
