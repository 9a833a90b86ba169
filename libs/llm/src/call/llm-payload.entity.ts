import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { LlmRequestBody } from './llm-request.js';

/** What was asked and answered; kept for a time, and erasable. */
@Entity({ name: 'llm_payload' })
export class LlmPayloadEntity {
  @PrimaryColumn({ name: 'call_id', type: 'uuid' })
  callId!: string;

  @Column({ name: 'project_id', type: 'uuid' })
  projectId!: string;

  @Column({ name: 'request', type: 'jsonb', nullable: true })
  request!: LlmRequestBody | null;

  @Column({ name: 'answer', type: 'text', nullable: true })
  answer!: string | null;

  /** What the model thought aloud, kept apart from what it said. */
  @Column({ name: 'reasoning', type: 'text', nullable: true })
  reasoning!: string | null;

  @Column({ name: 'expires_at', type: 'timestamptz' })
  expiresAt!: Date;

  @Column({ name: 'removal_id', type: 'uuid', nullable: true })
  removalId!: string | null;
}
