import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { ProviderKind, ProviderModel } from '@qingnang/contracts';

/** A server that answers chat completions, with its price list and its limits. The key is kept encrypted. */
@Entity({ name: 'provider' })
export class ProviderEntity {
  @PrimaryColumn({ name: 'id', type: 'uuid' })
  id!: string;

  @Column({ name: 'project_id', type: 'uuid' })
  projectId!: string;

  @Column({ name: 'name', type: 'text' })
  name!: string;

  @Column({ name: 'kind', type: 'text' })
  kind!: ProviderKind;

  @Column({ name: 'base_url', type: 'text' })
  baseUrl!: string;

  /** AES-256-GCM under the data folder's key; never answered by the API, never logged. */
  @Column({ name: 'encrypted_key', type: 'text', nullable: true, select: false })
  encryptedKey!: string | null;

  @Column({ name: 'models', type: 'jsonb', default: () => `'[]'` })
  models!: ProviderModel[];

  @Column({ name: 'currency', type: 'text', default: 'CNY' })
  currency!: string;

  @Column({ name: 'outside', type: 'boolean', default: true })
  outside!: boolean;

  /** Calls may go to this machine or a private network. */
  @Column({ name: 'inside_address', type: 'boolean', default: false })
  insideAddress!: boolean;

  @Column({ name: 'declared_inside_by', type: 'uuid', nullable: true })
  declaredInsideBy!: string | null;

  @Column({ name: 'declared_inside_at', type: 'timestamptz', nullable: true })
  declaredInsideAt!: Date | null;

  @Column({ name: 'honours_idempotency', type: 'boolean', default: false })
  honoursIdempotency!: boolean;

  @Column({ name: 'max_concurrency', type: 'integer', default: 4 })
  maxConcurrency!: number;

  @Column({ name: 'requests_per_minute', type: 'integer', default: 600 })
  requestsPerMinute!: number;

  @Column({ name: 'bucket_tokens', type: 'double precision', default: 0 })
  bucketTokens!: number;

  @Column({ name: 'bucket_at', type: 'timestamptz', default: () => 'now()' })
  bucketAt!: Date;

  /** A server of our own that sleeps is not asked before it wakes. */
  @Column({ name: 'breaker_open_until', type: 'timestamptz', nullable: true })
  breakerOpenUntil!: Date | null;

  @Column({ name: 'model_id', type: 'uuid', nullable: true })
  modelId!: string | null;

  @Column({ name: 'state', type: 'text', default: 'active' })
  state!: 'active' | 'retired';

  @Column({ name: 'revision', type: 'integer', default: 1 })
  revision!: number;

  @Column({ name: 'created_at', type: 'timestamptz', default: () => 'now()' })
  createdAt!: Date;
}
