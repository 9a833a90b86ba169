import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { PromptSettings } from '@qingnang/contracts';

/** The words of a template at one time; a trigger refuses any change. */
@Entity({ name: 'prompt_version' })
export class PromptVersionEntity {
  @PrimaryColumn({ name: 'id', type: 'uuid' })
  id!: string;

  @Column({ name: 'project_id', type: 'uuid' })
  projectId!: string;

  @Column({ name: 'template_id', type: 'uuid' })
  templateId!: string;

  @Column({ name: 'number', type: 'integer' })
  number!: number;

  @Column({ name: 'system_text', type: 'text' })
  systemText!: string;

  @Column({ name: 'user_text', type: 'text' })
  userText!: string;

  @Column({ name: 'variables', type: 'text', array: true, default: () => `'{}'` })
  variables!: string[];

  @Column({ name: 'settings', type: 'jsonb', default: () => `'{}'` })
  settings!: PromptSettings;

  @Column({ name: 'author_id', type: 'uuid', nullable: true })
  authorId!: string | null;

  @Column({ name: 'created_at', type: 'timestamptz', default: () => 'now()' })
  createdAt!: Date;
}
