import { uuidv7 } from '@qingnang/kernel';
import type { EntityManager } from 'typeorm';
import { currentAct } from './current-act.js';

/** Who is written down; every `Actor` will do. `projectId` is null for acts on the installation. */
export interface AuditActor {
  kind: 'person' | 'api_key' | 'system';
  id: string;
  projectId: string | null;
  requestId: string | null;
}

export interface AuditAct {
  /** `<subject>.<verb>`, e.g. `record.approve`. */
  action: string;
  subjectType: string;
  subjectId: string;
  /** Ids, hashes, states, counts. Never anybody's words. */
  before?: Record<string, unknown> | undefined;
  after?: Record<string, unknown> | undefined;
}

/**
 * Writes down an act, in the same transaction as the act. Where the request carries an idempotency key, the key learns
 * in this transaction what was done, so that a retry after a crash finds either both or neither.
 */
export async function writeAudit(tx: Pick<EntityManager, 'query'>, actor: AuditActor, act: AuditAct): Promise<void> {
  await tx.query(
    `insert into audit_entry (id, project_id, actor_kind, actor_id, action, subject_type, subject_id, before, after, request_id)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    [
      uuidv7(),
      actor.projectId,
      actor.kind,
      actor.id,
      act.action,
      act.subjectType,
      act.subjectId,
      act.before === undefined ? null : JSON.stringify(act.before),
      act.after === undefined ? null : JSON.stringify(act.after),
      actor.requestId,
    ],
  );
  const current = currentAct();
  if (!current) return;
  current.audited = true;
  await current.markDone?.(tx, act.subjectId);
}
