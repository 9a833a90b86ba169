import type { EntityManager } from 'typeorm';
import type { BulkKind, BulkReason } from '@qingnang/contracts';
import type { BulkJobEntity } from './bulk-job.entity.js';

/** Rows a transaction. */
export const BATCH = 500;

export type Reasons = Partial<Record<BulkReason, number>>;

/** What one batch came to; `afterId` is the last one looked at, null where there was none left. */
export interface Batch {
  afterId: string | null;
  done: number;
  /** Left, or kept when it is being taken back, by reason. */
  left: Reasons;
  /** Nothing more may be done, for a reason that is not an error. */
  stopped?: string;
}

/** What one kind of bulk job does. The libraries above bring their own. */
export interface BulkStep {
  kind: BulkKind;
  /** How many there are to look at. */
  count(tx: EntityManager, job: BulkJobEntity): Promise<number>;
  /** The next ones after `job.afterId`. */
  batch(tx: EntityManager, job: BulkJobEntity): Promise<Batch>;
  /** In the transaction that ends the job. */
  finish?(tx: EntityManager, job: BulkJobEntity): Promise<void>;
  /** Takes the next ones back, after `job.afterId`. */
  undo(tx: EntityManager, job: BulkJobEntity): Promise<Batch>;
}
