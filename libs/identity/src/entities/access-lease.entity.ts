import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Access that outlives the request it was given by: an open stream, the signed address of a file. */
@Entity('access_lease')
export class AccessLeaseEntity {
  @PrimaryColumn({ type: 'uuid' })
  id!: string;

  @Column({ name: 'project_id', type: 'uuid' })
  projectId!: string;

  @Column({ name: 'person_id', type: 'uuid' })
  personId!: string;

  @Column({ name: 'api_key_id', type: 'uuid', nullable: true })
  apiKeyId!: string | null;

  @Column({ type: 'text' })
  kind!: string;

  @Column({ type: 'timestamptz' })
  until!: Date;
}
