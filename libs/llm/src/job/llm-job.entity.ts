import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { JsonObject, LlmEstimate, LlmJobState, LlmPurposeName } from '@qingnang/contracts';
import { numeric } from '../call/numeric.js';

/** One piece of model work of any purpose: what is chosen, with which words it is asked, by whom it is answered. */
@Entity({ name: 'llm_job' })
export class LlmJobEntity {
  @PrimaryColumn({ name: 'id', type: 'uuid' })
  id!: string;

  @Column({ name: 'project_id', type: 'uuid' })
  projectId!: string;

  @Column({ name: 'purpose', type: 'text' })
  purpose!: LlmPurposeName;

  @Column({ name: 'name', type: 'text' })
  name!: string;

  @Column({ name: 'filter', type: 'jsonb', default: () => `'{}'` })
  filter!: JsonObject;

  @Column({ name: 'prompt_version_ids', type: 'uuid', array: true, default: () => `'{}'` })
  promptVersionIds!: string[];

  @Column({ name: 'provider_id', type: 'uuid' })
  providerId!: string;

  @Column({ name: 'model', type: 'text' })
  model!: string;

  @Column({ name: 'settings', type: 'jsonb', default: () => `'{}'` })
  settings!: JsonObject;

  @Column({ name: 'budget_limit', type: 'numeric', precision: 14, scale: 6, nullable: true, transformer: numeric })
  budgetLimit!: number | null;

  @Column({ name: 'estimate', type: 'jsonb', nullable: true })
  estimate!: LlmEstimate | null;

  @Column({ name: 'state', type: 'text', default: 'draft' })
  state!: LlmJobState;

  @Column({ name: 'total', type: 'integer', default: 0 })
  total!: number;

  /** Why it stands still or ended badly: a code, never text of a record. */
  @Column({ name: 'failure', type: 'text', nullable: true })
  failure!: string | null;

  /** The fault that was answered last, how often in a row, and the provider's own sentence about it. */
  @Column({ name: 'fault_code', type: 'text', nullable: true })
  faultCode!: string | null;

  @Column({ name: 'fault_param', type: 'text', nullable: true })
  faultParam!: string | null;

  @Column({ name: 'fault_said', type: 'text', nullable: true })
  faultSaid!: string | null;

  @Column({ name: 'fault_count', type: 'integer', default: 0 })
  faultCount!: number;

  /** Something was stored since it was last let run. */
  @Column({ name: 'works', type: 'boolean', default: false })
  works!: boolean;

  @Column({ name: 'parent_type', type: 'text', nullable: true })
  parentType!: string | null;

  @Column({ name: 'parent_id', type: 'uuid', nullable: true })
  parentId!: string | null;

  @Column({ name: 'created_by', type: 'uuid', nullable: true })
  createdBy!: string | null;

  @Column({ name: 'created_at', type: 'timestamptz', default: () => 'now()' })
  createdAt!: Date;

  /** Set when the items are written out: from then on the filter is never read again. */
  @Column({ name: 'started_at', type: 'timestamptz', nullable: true })
  startedAt!: Date | null;

  @Column({ name: 'ended_at', type: 'timestamptz', nullable: true })
  endedAt!: Date | null;

  @Column({ name: 'revision', type: 'integer', default: 1 })
  revision!: number;
}
