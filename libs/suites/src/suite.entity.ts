import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A versioned list of evaluation questions; frozen, it never changes. */
@Entity({ name: 'suite' })
export class SuiteEntity {
  @PrimaryColumn({ name: 'id', type: 'uuid' })
  id!: string;

  @Column({ name: 'project_id', type: 'uuid' })
  projectId!: string;

  @Column({ name: 'name', type: 'text' })
  name!: string;

  @Column({ name: 'version', type: 'integer' })
  version!: number;

  @Column({ name: 'state', type: 'text', default: 'draft' })
  state!: 'draft' | 'frozen';

  @Column({ name: 'created_by', type: 'uuid', nullable: true })
  createdBy!: string | null;

  @Column({ name: 'created_at', type: 'timestamptz', default: () => 'now()' })
  createdAt!: Date;
}
