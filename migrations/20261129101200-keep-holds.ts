import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Why a record was held back, by whom, and how it came back. Records held back before get what is known: the rejection
 * that held them, else who did it.
 */
export class KeepHolds20261129101200 implements MigrationInterface {
  readonly name = 'KeepHolds20261129101200';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table record_hold (
        id uuid not null,
        project_id uuid not null,
        record_id uuid not null,
        -- A person's decision, or a review that rejected the record.
        kind text not null,
        held_by uuid,
        reason_code text,
        reason text,
        from_at timestamptz not null default now(),
        until_at timestamptz,
        ended_by uuid,
        ended_reason text,
        constraint pk_record_hold primary key (id),
        constraint fk_record_hold_record foreign key (project_id, record_id) references record (project_id, id),
        constraint fk_record_hold_held_by foreign key (held_by) references person (id),
        constraint fk_record_hold_ended_by foreign key (ended_by) references person (id),
        constraint ck_record_hold_kind check (kind in ('decided', 'rejected'))
      );
      create unique index uq_record_hold_open on record_hold (record_id) where until_at is null;
      create index ix_record_hold_record on record_hold (record_id);

      insert into record_hold (id, project_id, record_id, kind, held_by, reason_code, reason, from_at)
      select gen_random_uuid(), r.project_id, r.id,
        case when rejected.at is not null and coalesce(rejected.at > act.at, true) then 'rejected' else 'decided' end,
        case when rejected.at is not null and coalesce(rejected.at > act.at, true) then rejected.person_id else act.person_id end,
        case when coalesce(rejected.at > act.at, true) then rejected.reason_code end,
        case when coalesce(rejected.at > act.at, true) then rejected.comment end,
        coalesce(greatest(rejected.at, act.at), r.updated_at)
      from record r
      left join lateral (
        select e.at, p.id as person_id from audit_entry e left join person p on p.id::text = e.actor_id
        where e.subject_type = 'record' and e.subject_id = r.id::text and e.action = 'record.hold_back'
        order by e.at desc limit 1) act on true
      left join lateral (
        select a.created_at as at, a.person_id, a.reason_code, a.comment from answer a join task t on t.id = a.task_id
        where t.record_id = r.id and a.verdict = 'reject' and not ('undone' = any (a.flags))
        order by a.created_at desc limit 1) rejected on true
      where r.state = 'held_back';
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table record_hold');
  }
}
