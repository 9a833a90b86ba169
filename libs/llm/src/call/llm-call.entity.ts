import { Column, Entity, PrimaryColumn } from 'typeorm';
import { numeric } from './numeric.js';
import type { AnswerType, LlmCallState } from '@qingnang/contracts';

/** One request to a provider: the ledger. Written before it is sent. */
@Entity({ name: 'llm_call' })
export class LlmCallEntity {
  @PrimaryColumn({ name: 'id', type: 'uuid' })
  id!: string;

  @Column({ name: 'project_id', type: 'uuid' })
  projectId!: string;

  @Column({ name: 'item_id', type: 'uuid', nullable: true })
  itemId!: string | null;

  @Column({ name: 'job_id', type: 'uuid', nullable: true })
  jobId!: string | null;

  @Column({ name: 'purpose', type: 'text' })
  purpose!: string;

  @Column({ name: 'provider_id', type: 'uuid' })
  providerId!: string;

  @Column({ name: 'model', type: 'text' })
  model!: string;

  @Column({ name: 'prompt_version_id', type: 'uuid', nullable: true })
  promptVersionId!: string | null;

  @Column({ name: 'request_hash', type: 'text' })
  requestHash!: string;

  @Column({ name: 'attempt', type: 'integer', default: 1 })
  attempt!: number;

  @Column({ name: 'idempotency_key', type: 'text' })
  idempotencyKey!: string;

  @Column({ name: 'state', type: 'text' })
  state!: LlmCallState;

  @Column({ name: 'status_code', type: 'integer', nullable: true })
  statusCode!: number | null;

  @Column({ name: 'input_tokens', type: 'integer', default: 0 })
  inputTokens!: number;

  @Column({ name: 'output_tokens', type: 'integer', default: 0 })
  outputTokens!: number;

  @Column({ name: 'cost', type: 'numeric', precision: 14, scale: 6, default: 0, transformer: numeric })
  cost!: number;

  @Column({ name: 'estimated', type: 'boolean', default: true })
  estimated!: boolean;

  @Column({ name: 'second_charge', type: 'boolean', default: false })
  secondCharge!: boolean;

  @Column({ name: 'rehearsal', type: 'boolean', default: false })
  rehearsal!: boolean;

  @Column({ name: 'latency_ms', type: 'integer', nullable: true })
  latencyMs!: number | null;

  @Column({ name: 'error_code', type: 'text', nullable: true })
  errorCode!: string | null;

  /** How the model ended, as the server said it. */
  @Column({ name: 'finish', type: 'text', nullable: true })
  finish!: string | null;

  @Column({ name: 'answer_type', type: 'text', nullable: true })
  answerType!: AnswerType | null;

  @Column({ name: 'requested_by', type: 'uuid', nullable: true })
  requestedBy!: string | null;

  @Column({ name: 'created_at', type: 'timestamptz', default: () => 'now()' })
  createdAt!: Date;

  @Column({ name: 'answered_at', type: 'timestamptz', nullable: true })
  answeredAt!: Date | null;
}
