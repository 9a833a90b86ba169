import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A person's roles in a project. */
@Entity('membership')
export class MembershipEntity {
  @PrimaryColumn({ name: 'project_id', type: 'uuid' })
  projectId!: string;

  @PrimaryColumn({ name: 'person_id', type: 'uuid' })
  personId!: string;

  @Column({ type: 'text', array: true })
  roles!: string[];

  @Column({ type: 'text', array: true, default: () => "'{}'" })
  departments!: string[];

  @Column({ name: 'licence_number', type: 'text', nullable: true })
  licenceNumber!: string | null;

  @Column({ type: 'text', nullable: true })
  title!: string | null;

  @Column({ name: 'licence_checked_by', type: 'uuid', nullable: true })
  licenceCheckedBy!: string | null;

  @Column({ name: 'licence_checked_at', type: 'timestamptz', nullable: true })
  licenceCheckedAt!: Date | null;

  @Column({ type: 'integer', default: 1 })
  revision!: number;

  @Column({ name: 'created_at', type: 'timestamptz', default: () => 'now()' })
  createdAt!: Date;
}
