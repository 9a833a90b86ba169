import type { EntityManager } from 'typeorm';
import type { ApprovalHow, BulkReason } from '@qingnang/contracts';
import { approveAgain, endApprovals } from '../records/approvals.js';
import { backToWork, endHolds, holdBackAll } from '../records/holds.js';
import type { BulkStep } from './bulk-step.js';
import { type RecordAct, recordStep, type Trace } from './record-step.js';

const recordsOf = (traces: readonly { recordId: string }[]): string[] => traces.map(({ recordId }) => recordId);

/** Of records that a job did something to, those that do not stand as it left them (SQL over `record r`, trace `x`), and why. */
export async function keptUnless(
  tx: EntityManager,
  traces: readonly Trace[],
  standing: string,
): Promise<Map<string, BulkReason>> {
  const rows: { id: string; reason: BulkReason }[] = await tx.query(
    `select r.id, case r.state when 'withdrawn' then 'withdrawn' when 'held_back' then 'held_back'
       else 'changed_since' end as reason
     from unnest($1::uuid[], $2::uuid[], $3::uuid[]) as x (record_id, approval_id, hold_id) join record r on r.id = x.record_id
     where not (${standing})`,
    [recordsOf(traces), traces.map(({ approvalId }) => approvalId ?? null), traces.map(({ holdId }) => holdId ?? null)],
  );
  return new Map(rows.map(({ id, reason }) => [id, reason]));
}

const holdBack: RecordAct = {
  kind: 'hold_back',
  leave: () => [
    ['withdrawn', `r.state = 'withdrawn'`],
    ['held_back', `r.state = 'held_back'`],
  ],
  async act(tx, { projectId, createdBy, reason }, chosen) {
    const records = recordsOf(chosen);
    const ended = await endApprovals(tx, records);
    const holds = await holdBackAll(tx, { projectId, kind: 'decided', heldBy: createdBy, reason }, records);
    return records.map((recordId, i) => ({ recordId, holdId: holds[i], approvalId: ended.get(recordId) }));
  },
  async undo(tx, { projectId, createdBy }, traces) {
    const kept = await keptUnless(
      tx,
      traces,
      `r.state = 'held_back' and exists (select from record_hold h where h.id = x.hold_id and h.until_at is null)`,
    );
    const back = traces.filter(({ recordId }) => !kept.has(recordId));
    await endHolds(tx, recordsOf(back), createdBy, null);
    await backToWork(tx, projectId, recordsOf(back));
    await approveAgain(
      tx,
      back.flatMap(({ approvalId }) => approvalId ?? []),
    );
    return kept;
  },
};

const takeBackIn: RecordAct = {
  kind: 'take_back_in',
  filter: ({ filter }) => ({ ...filter, state: ['held_back'] }),
  leave: () => [['not_held_back', `r.state <> 'held_back'`]],
  async act(tx, { projectId, createdBy, reason }, chosen) {
    const records = recordsOf(chosen);
    const ended = await endHolds(tx, records, createdBy, reason);
    await backToWork(tx, projectId, records);
    return records.map((recordId) => ({ recordId, holdId: ended.get(recordId) }));
  },
  /** Held again for the reasons of before. */
  async undo(tx, _job, traces) {
    const kept = await keptUnless(tx, traces, `r.state in ('imported', 'in_work') and x.hold_id is not null`);
    const back = traces.filter(({ recordId }) => !kept.has(recordId));
    await tx.query(
      `insert into record_hold (id, project_id, record_id, kind, held_by, reason_code, reason)
       select gen_random_uuid(), h.project_id, h.record_id, h.kind, h.held_by, h.reason_code, h.reason
       from record_hold h where h.id = any($1::uuid[])`,
      [back.map(({ holdId }) => holdId)],
    );
    await tx.query(`update record set state = 'held_back', updated_at = now() where id = any($1::uuid[])`, [
      recordsOf(back),
    ]);
    return kept;
  },
};

const handBack: RecordAct = {
  kind: 'hand_back',
  leave({ settings }, bind) {
    const how = settings.how as ApprovalHow | undefined;
    const such = how === undefined ? '' : ` and a.how = ${bind(how)}`;
    return [
      ['withdrawn', `r.state = 'withdrawn'`],
      ['held_back', `r.state = 'held_back'`],
      ['not_approved', `not exists (select from approval a where a.record_id = r.id and a.until_at is null${such})`],
    ];
  },
  async act(tx, { projectId }, chosen) {
    const records = recordsOf(chosen);
    const ended = await endApprovals(tx, records);
    await backToWork(tx, projectId, records);
    return records.map((recordId) => ({ recordId, approvalId: ended.get(recordId) }));
  },
  async undo(tx, _job, traces) {
    await approveAgain(
      tx,
      traces.flatMap(({ approvalId }) => approvalId ?? []),
    );
    return keptUnless(
      tx,
      traces,
      `r.state = 'approved' and exists (select from approval a join approval old on old.version_id = a.version_id
         where a.record_id = r.id and a.until_at is null and old.id = x.approval_id)`,
    );
  },
};

/** What the corpus itself does to many records. */
export const RECORD_STEPS: readonly BulkStep[] = [holdBack, takeBackIn, handBack].map(recordStep);
