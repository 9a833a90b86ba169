import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { JsonObject, LlmItemState } from '@qingnang/contracts';
import { numeric } from '../call/numeric.js';

/** One question of a job. Its state is the truth about it; calls are what was tried. */
@Entity({ name: 'llm_item' })
export class LlmItemEntity {
  @PrimaryColumn({ name: 'id', type: 'uuid' })
  id!: string;

  @Column({ name: 'project_id', type: 'uuid' })
  projectId!: string;

  @Column({ name: 'job_id', type: 'uuid' })
  jobId!: string;

  @Column({ name: 'subject_type', type: 'text' })
  subjectType!: string;

  @Column({ name: 'subject_id', type: 'uuid' })
  subjectId!: string;

  /** The turn asked about, or -1 for the whole subject. */
  @Column({ name: 'turn_n', type: 'integer', default: -1 })
  turnN!: number;

  @Column({ name: 'sample_index', type: 'integer', default: 0 })
  sampleIndex!: number;

  @Column({ name: 'prompt_version_id', type: 'uuid', nullable: true })
  promptVersionId!: string | null;

  /** Which role of the job is asked. */
  @Column({ name: 'role', type: 'text', default: 'answer' })
  role!: string;

  @Column({ name: 'params', type: 'jsonb', default: () => `'{}'` })
  params!: JsonObject;

  @Column({ name: 'state', type: 'text', default: 'waiting' })
  state!: LlmItemState;

  @Column({ name: 'attempts', type: 'integer', default: 0 })
  attempts!: number;

  @Column({ name: 'in_doubt_count', type: 'integer', default: 0 })
  inDoubtCount!: number;

  @Column({ name: 'lease_owner', type: 'text', nullable: true })
  leaseOwner!: string | null;

  @Column({ name: 'lease_until', type: 'timestamptz', nullable: true })
  leaseUntil!: Date | null;

  /** Raised by every claim; an outcome written under an older one is refused. */
  @Column({ name: 'fencing_token', type: 'bigint', default: 0 })
  fencingToken!: string;

  @Column({ name: 'run_at', type: 'timestamptz', default: () => 'now()' })
  runAt!: Date;

  /** `<item id>.<generation>`: the same while a call is in doubt, the next one when an answer is bought anew. */
  @Column({ name: 'idempotency_key', type: 'text' })
  idempotencyKey!: string;

  /** The cap a cut answer is bought again with; null where the purpose's own holds. */
  @Column({ name: 'output_cap', type: 'integer', nullable: true })
  outputCap!: number | null;

  @Column({ name: 'result_type', type: 'text', nullable: true })
  resultType!: string | null;

  @Column({ name: 'result_id', type: 'uuid', nullable: true })
  resultId!: string | null;

  @Column({ name: 'error_code', type: 'text', nullable: true })
  errorCode!: string | null;

  @Column({ name: 'error_detail', type: 'text', nullable: true })
  errorDetail!: string | null;

  @Column({ name: 'input_tokens', type: 'integer', default: 0 })
  inputTokens!: number;

  @Column({ name: 'output_tokens', type: 'integer', default: 0 })
  outputTokens!: number;

  @Column({ name: 'cost', type: 'numeric', precision: 14, scale: 6, default: 0, transformer: numeric })
  cost!: number;

  @Column({ name: 'created_at', type: 'timestamptz', default: () => 'now()' })
  createdAt!: Date;

  @Column({ name: 'updated_at', type: 'timestamptz', default: () => 'now()' })
  updatedAt!: Date;
}
