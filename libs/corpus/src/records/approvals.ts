import type { EntityManager } from 'typeorm';
import { uuidv7 } from '@qingnang/kernel';
import { notify } from '@qingnang/queue';

export interface NewApproval {
  projectId: string;
  recordId: string;
  versionId: string;
  /** The person who decided; null where a rule did. */
  approvedBy: string | null;
  /** e.g. `single_answer`; null where a person decided. */
  rule: string | null;
  taskId?: string | null;
  reason?: string;
}

/** Makes a version the one that counts. Earlier approvals keep their rows, with an end. */
export async function approve(tx: EntityManager, input: NewApproval): Promise<string> {
  await tx.query('select from record where project_id = $1 and id = $2 for update', [input.projectId, input.recordId]);
  await endApproval(tx, input.recordId);
  const id = uuidv7();
  await tx.query(
    `insert into approval (id, project_id, record_id, version_id, task_id, approved_by, rule, reason)
     values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [
      id,
      input.projectId,
      input.recordId,
      input.versionId,
      input.taskId ?? null,
      input.approvedBy,
      input.rule,
      input.reason ?? '',
    ],
  );
  await tx.query(`update record set state = 'approved', updated_at = now() where id = $1`, [input.recordId]);
  await notify(tx, input.projectId, 'records', input.recordId);
  return id;
}

/** Takes back what is approved; the id of the approval that ended, or null if nothing was. */
export async function endApproval(tx: EntityManager, recordId: string): Promise<string | null> {
  const [ended]: [{ id: string }[], number] = await tx.query(
    'update approval set until_at = now() where record_id = $1 and until_at is null returning id',
    [recordId],
  );
  return ended[0]?.id ?? null;
}
