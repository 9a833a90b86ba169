import type { RecordDetail } from '@qingnang/contracts';
import type { Queryable } from '@qingnang/database';
import { notFound } from '@qingnang/kernel';
import { GROUP_ID } from '../creation/join-groups.js';

/** Where the fields below come from: `record r`, its `source_set w` and the `source s` it is listed under. */
export const RECORD_FROM = `record r join source_set w on w.id = r.source_set_id join source s on s.id = w.source_id`;

/** SQL of the fields a list and a page of a record share. */
export const RECORD_COLUMNS = `r.id, r.data_set as "dataSet", r.department, r.intent, r.language, r.state,
  r.question_only as "questionOnly", coalesce(r.flags, '{}') as flags, w.allowed_use as "allowedUse", r.synthetic,
  json_build_object('id', s.id, 'name', s.name) as source, r.turn_count as "turnCount",
  r.character_count as "characterCount", r.created_at as "createdAt", r.updated_at as "updatedAt"`;

/** A record with its whole tree of versions, its approvals and every place it was found. */
export async function readRecordDetail(db: Queryable, projectId: string, id: string): Promise<RecordDetail> {
  const [head] = await db.query<Omit<RecordDetail, 'versions' | 'approvals' | 'holds' | 'occurrences'>[]>(
    `select ${RECORD_COLUMNS}, encode(${GROUP_ID}, 'hex') as "groupId", r.latest_version_id as "latestVersionId",
       r.import_version_id as "importVersionId",
       (select version_id from approval a where a.record_id = r.id and a.until_at is null) as "approvedVersionId"
     from ${RECORD_FROM} left join record_signal g on g.record_id = r.id where r.project_id = $1 and r.id = $2`,
    [projectId, id],
  );
  if (!head) throw notFound('record', id);
  const versions = await db.query<RecordDetail['versions']>(
    `select v.id, v.parent_id as "parentId", v.kind, v.turns, v.rehearsal, v.model, v.created_at as "createdAt",
       json_build_object('kind', v.made_by_kind, 'name', coalesce(p.display_name, v.model, v.made_by_kind)) as "madeBy"
     from version v left join person p on v.made_by_kind = 'person' and p.id::text = v.made_by_id
     where v.record_id = $1 order by v.created_at, v.id`,
    [id],
  );
  const approvals = await db.query<RecordDetail['approvals']>(
    `select a.id, a.version_id as "versionId", coalesce(p.display_name, a.rule) as by, a.how,
       a.bulk_job_id as "bulkJobId", a.reason, a.from_at as "fromAt",
       a.until_at as "untilAt"
     from approval a left join person p on p.id = a.approved_by where a.record_id = $1 order by a.from_at desc, a.id desc`,
    [id],
  );
  const holds = await db.query<RecordDetail['holds']>(
    `select h.id, h.kind, p.display_name as by, h.reason_code as "reasonCode", h.reason, h.from_at as "fromAt",
       h.until_at as "untilAt", e.display_name as "endedBy", h.ended_reason as "endedReason"
     from record_hold h left join person p on p.id = h.held_by left join person e on e.id = h.ended_by
     where h.record_id = $1 order by h.from_at desc, h.id desc limit 100`,
    [id],
  );
  const occurrences = await db.query<RecordDetail['occurrences']>(
    `select s.name as source, u.file_name as "fileName", o.line, o.outside_id as "outsideId", o.outcome,
       o.version_id as "versionId"
     from occurrence o join source s on s.id = o.source_id
       join import_file f on f.import_id = o.import_id and f.n = o.file_n join upload u on u.id = f.upload_id
     where o.record_id = $1 order by o.id limit 100`,
    [id],
  );
  return { ...head, versions, approvals, holds, occurrences };
}
