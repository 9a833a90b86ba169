import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { TemplatePurpose } from '@qingnang/contracts';

/** A name under which immutable prompt versions stand; the house style is one too. */
@Entity({ name: 'prompt_template' })
export class PromptTemplateEntity {
  @PrimaryColumn({ name: 'id', type: 'uuid' })
  id!: string;

  @Column({ name: 'project_id', type: 'uuid' })
  projectId!: string;

  @Column({ name: 'key', type: 'text' })
  key!: string;

  @Column({ name: 'purpose', type: 'text' })
  purpose!: TemplatePurpose;

  @Column({ name: 'name', type: 'text' })
  name!: string;

  @Column({ name: 'created_at', type: 'timestamptz', default: () => 'now()' })
  createdAt!: Date;
}
