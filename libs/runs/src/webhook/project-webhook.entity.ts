import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { WebhookForm } from '@qingnang/contracts';

/** The one address of a project that hears of runs in trouble. */
@Entity({ name: 'project_webhook' })
export class ProjectWebhookEntity {
  @PrimaryColumn({ name: 'id', type: 'uuid' })
  id!: string;

  @Column({ name: 'project_id', type: 'uuid' })
  projectId!: string;

  @Column({ name: 'form', type: 'text' })
  form!: WebhookForm;

  @Column({ name: 'host', type: 'text' })
  host!: string;

  @Column({ name: 'encrypted_address', type: 'text' })
  encryptedAddress!: string;

  @Column({ name: 'encrypted_secret', type: 'text', nullable: true })
  encryptedSecret!: string | null;

  @Column({ name: 'inside_address', type: 'boolean', default: false })
  insideAddress!: boolean;

  @Column({ name: 'active', type: 'boolean', default: true })
  active!: boolean;

  @Column({ name: 'revision', type: 'integer', default: 1 })
  revision!: number;

  @Column({ name: 'created_at', type: 'timestamptz', default: () => 'now()' })
  createdAt!: Date;

  @Column({ name: 'updated_at', type: 'timestamptz', default: () => 'now()' })
  updatedAt!: Date;
}
