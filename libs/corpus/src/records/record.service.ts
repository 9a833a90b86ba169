import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { writeAudit } from '@qingnang/audit';
import type {
  Actor,
  ChangeRecordState,
  ListReply,
  RecordDetail,
  RecordFacets,
  RecordFilter,
  RecordQuery,
  RecordSummary,
} from '@qingnang/contracts';
import { listPage, type Queryable } from '@qingnang/database';
import { DomainError, notFound } from '@qingnang/kernel';
import { holdBack, takeBackIn } from './holds.js';
import { keptRecords, recordFacets } from './kept-records.js';
import { readRecordDetail, RECORD_COLUMNS, RECORD_FROM } from './record-detail.js';
import { recordFilterSql } from './record-filter-sql.js';

const SUMMARY_COLUMNS = `${RECORD_COLUMNS},
  coalesce((select left(t ->> 'text', 120) from jsonb_array_elements(v.turns) with ordinality as x (t, i)
    where t ->> 'role' = 'patient' order by i limit 1), '') as question,
  (select left(t ->> 'text', 120) from jsonb_array_elements(v.turns) with ordinality as x (t, i)
    where t ->> 'role' = 'doctor' order by i desc limit 1) as answer,
  (select jsonb_build_object('reasonCode', h.reason_code, 'reason', h.reason) from record_hold h
    where h.record_id = r.id and h.until_at is null) as hold,
  v.rehearsal, (select count(*)::int from version n where n.record_id = r.id) as versions`;

/** What stands in the corpus, and how it came to say what it says. */
@Injectable()
export class RecordService {
  constructor(private readonly dataSource: DataSource) {}

  list(actor: Actor, query: RecordQuery): Promise<ListReply<RecordSummary>> {
    const params: unknown[] = [actor.projectId];
    return listPage<RecordSummary, RecordSummary>(this.dataSource, {
      select: SUMMARY_COLUMNS,
      from: `${RECORD_FROM} join version v on v.id = r.latest_version_id`,
      where: ['r.project_id = $1', recordFilterSql(query, params)],
      params,
      sortable: {
        createdAt: { sql: 'r.created_at', type: 'timestamptz' },
        updatedAt: { sql: 'r.updated_at', type: 'timestamptz' },
      },
      id: { sql: 'r.id', type: 'uuid' },
      query,
      map: (row) => row,
      total: keptRecords(this.dataSource, actor.projectId, query),
    });
  }

  get(actor: Actor, id: string, db: Queryable = this.dataSource): Promise<RecordDetail> {
    return readRecordDetail(db, actor.projectId, id);
  }

  /** How many records a filter selects. */
  async count(actor: Actor, filter: RecordFilter): Promise<number> {
    const kept = keptRecords(this.dataSource, actor.projectId, filter);
    if (kept) return kept();
    const params: unknown[] = [actor.projectId];
    const [row]: { n: number }[] = await this.dataSource.query(
      `select count(*)::int as n from record r where r.project_id = $1 and ${recordFilterSql(filter, params)}`,
      params,
    );
    return row?.n ?? 0;
  }

  facets(actor: Actor): Promise<RecordFacets> {
    return recordFacets(this.dataSource, actor.projectId);
  }

  /**
   * Holds a record back, or takes one back in.
   * @throws `record.withdrawn` (409): what was withdrawn stays so; `record.not_held_back` (409)
   */
  async changeState(actor: Actor, id: string, input: ChangeRecordState): Promise<RecordDetail> {
    return this.dataSource.transaction(async (tx) => {
      const [before]: { state: string }[] = await tx.query(
        'select state from record where project_id = $1 and id = $2 for update',
        [actor.projectId, id],
      );
      if (!before) throw notFound('record', id);
      if (before.state === 'withdrawn') {
        throw new DomainError({ code: 'record.withdrawn', status: 409, detail: 'This record was withdrawn for good.' });
      }
      const record = { projectId: actor.projectId, recordId: id };
      if (input.state === 'held_back') {
        await holdBack(tx, { ...record, kind: 'decided', heldBy: actor.personId, reason: input.reason });
      } else if (before.state === 'held_back') {
        await takeBackIn(tx, record, actor.personId, input.reason);
      } else {
        throw notHeldBack();
      }
      await writeAudit(tx, actor, {
        action: input.state === 'held_back' ? 'record.hold_back' : 'record.take_back_in',
        subjectType: 'record',
        subjectId: id,
        before: { state: before.state },
        after: { state: input.state },
      });
      return this.get(actor, id, tx);
    });
  }
}

function notHeldBack(): DomainError {
  return new DomainError({
    code: 'record.not_held_back',
    status: 409,
    detail: 'This record is not held back: there is nothing to take back.',
  });
}
