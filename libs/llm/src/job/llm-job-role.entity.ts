import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Who is asked in one role of a job: a job of one voice has the role `answer`, a dialogue has a patient and a doctor. */
@Entity({ name: 'llm_job_role' })
export class LlmJobRoleEntity {
  @Column({ name: 'project_id', type: 'uuid' })
  projectId!: string;

  @PrimaryColumn({ name: 'job_id', type: 'uuid' })
  jobId!: string;

  @PrimaryColumn({ name: 'role', type: 'text' })
  role!: string;

  @Column({ name: 'provider_id', type: 'uuid' })
  providerId!: string;

  @Column({ name: 'model', type: 'text' })
  model!: string;

  @Column({ name: 'prompt_version_ids', type: 'uuid', array: true, default: () => `'{}'` })
  promptVersionIds!: string[];

  /** Since when it has waited for its turn at the provider; null while it is served. */
  @Column({ name: 'waiting_since', type: 'timestamptz', nullable: true })
  waitingSince!: Date | null;

  @Column({ name: 'asked_at', type: 'timestamptz', nullable: true })
  askedAt!: Date | null;
}
