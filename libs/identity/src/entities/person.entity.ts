import { Column, Entity, PrimaryColumn } from 'typeorm';

/** An account of the installation. What it may do is said per project, in memberships. */
@Entity('person')
export class PersonEntity {
  @PrimaryColumn({ type: 'uuid' })
  id!: string;

  /** Unique without regard to case. */
  @Column({ type: 'text' })
  login!: string;

  @Column({ name: 'display_name', type: 'text' })
  displayName!: string;

  /** argon2id; null: this account cannot sign in with a password. */
  @Column({ name: 'password_hash', type: 'text', nullable: true })
  passwordHash!: string | null;

  @Column({ type: 'text', default: 'zh-CN' })
  language!: string;

  @Column({ name: 'installation_admin', type: 'boolean', default: false })
  installationAdmin!: boolean;

  @Column({ type: 'text', default: 'active' })
  state!: string;

  @Column({ name: 'created_at', type: 'timestamptz', default: () => 'now()' })
  createdAt!: Date;

  @Column({ name: 'deactivated_at', type: 'timestamptz', nullable: true })
  deactivatedAt!: Date | null;
}
