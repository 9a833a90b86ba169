import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Settings under which the planner has one choice only: the index that a query was written for, in its order. What it
 * believes about a table that has just been filled, or was small when the plan was made, is then of no matter.
 */
const BY_INDEX = `set enable_seqscan = off set enable_bitmapscan = off set enable_hashjoin = off set enable_mergejoin = off
  set enable_sort = off set plan_cache_mode = force_generic_plan set jit = off`;

/** Slot `s` may go to a person. Looked up row by row: a join would be the planner's to arrange. */
const IN_REACH = `(s.record_id is null
      or (select r.state from record r where r.id = s.record_id) not in ('held_back', 'withdrawn'))
    and (select own.person_id from subject_author own where own.subject_id = s.subject_id and own.person_id = who) is null
    and (select a.id from assignment a where a.task_set_id = s.task_set_id
      and coalesce(a.record_id, a.subject_id) = coalesce(s.record_id, s.subject_id) and a.person_id = who
      and a.outcome in ('open', 'answered', 'skipped') and (a.outcome <> 'open' or a.slot_id <> s.id) limit 1) is null`;
const OPEN = `slot s where s.task_set_id = in_set and s.state = 'open'`;
const RUN_OUT = `slot s where s.task_set_id = in_set and s.state = 'leased' and s.lease_until < now()`;
const MINE = `slot s where s.holder_id = who and s.task_set_id = in_set and s.state in ('leased', 'returned')`;
const FIRST = 'order by s.priority desc, s.id limit 1 for update skip locked';

/** So many open slots are counted one by one; of more the kept counts tell. */
const COUNTED_ONE_BY_ONE = 200;

/** Handing out a task and counting what waits cost the same however many are open, and whatever the planner believes. */
export class HandOutByFunction20261129111100 implements MigrationInterface {
  readonly name = 'HandOutByFunction20261129111100';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- What the person holds or was returned to them; else the next free slot from where they last were; else from the
      -- beginning; else one whose holder fell silent. Null where nothing is left for them.
      create function claim_slot(who uuid, in_set uuid, lease_seconds integer, new_assignment uuid) returns uuid
        language plpgsql ${BY_INDEX} as $$
      declare
        last_place record;
        taken uuid;
        broken text;
      begin
        update slot set state = 'leased', lease_until = now() + make_interval(secs => lease_seconds)
          where id = (select s.id from ${MINE} and (s.record_id is null
            or (select r.state from record r where r.id = s.record_id) not in ('held_back', 'withdrawn'))
            order by s.state desc, s.id limit 1 for update)
          returning id into taken;
        if taken is not null then return taken; end if;

        -- All before it was taken, or not for them, when they last asked.
        select s.priority, s.id into last_place from assignment a join slot s on s.id = a.slot_id
          where a.person_id = who and a.task_set_id = in_set order by a.from_at desc limit 1;
        if last_place.id is not null then
          select s.id into taken from ${OPEN} and s.priority > last_place.priority and ${IN_REACH} ${FIRST};
          if taken is null then
            select s.id into taken from ${OPEN} and s.priority = last_place.priority and s.id >= last_place.id
              and ${IN_REACH} ${FIRST};
          end if;
        end if;
        if taken is null then
          select s.id into taken from ${OPEN} and ${IN_REACH} ${FIRST};
        end if;
        if taken is null then
          select s.id into taken from ${RUN_OUT} and ${IN_REACH} ${FIRST};
          if taken is null then return null; end if;
          update assignment set outcome = 'expired', to_at = now() where slot_id = taken and outcome = 'open';
        end if;

        update slot set state = 'leased', holder_id = who, lease_until = now() + make_interval(secs => lease_seconds),
          fencing_token = fencing_token + 1 where id = taken;
        insert into assignment (id, project_id, task_set_id, slot_id, subject_id, record_id, person_id)
          select new_assignment, project_id, task_set_id, id, subject_id, record_id, who from slot where id = taken;
        return taken;
      exception when unique_violation then
        get stacked diagnostics broken = constraint_name;
        -- Two tabs of one person asked at once and met the same subject: the other tab has it.
        if broken = 'uq_assignment_once' then return null; end if;
        raise;
      end $$;

      -- What a person has answered in a set, and how many of its records or subjects wait for them. Of large sets by the
      -- kept counts, which learn of a record put aside, or of one's own, only when it is reached.
      create function work_counts(who uuid, in_project uuid, in_set uuid, out done integer, out waiting integer)
        language plpgsql stable ${BY_INDEX} as $$
      declare
        tasks bigint;
        open_slots bigint;
        skipped bigint;
      begin
        select coalesce(sum(k.n) filter (where k.key ->> 'outcome' = 'answered'), 0),
            coalesce(sum(k.n) filter (where k.key ->> 'outcome' = 'skipped'), 0) into done, skipped
          from tally_total k where k.project_id = in_project and k.topic = 'assignment' and k.scope = who
            and k.key ->> 'taskSet' = in_set::text;
        select coalesce(sum(k.n), 0) into open_slots from tally_total k
          where k.project_id = in_project and k.topic = 'slot' and k.scope = in_set and k.key ->> 'state' = 'open';
        if open_slots > ${COUNTED_ONE_BY_ONE} then
          select coalesce(sum(k.n), 0) into tasks from tally_total k
            where k.project_id = in_project and k.topic = 'task' and k.scope = in_set;
          waiting := least(open_slots + (select count(*) from ${MINE}), tasks - done - skipped);
        else
          waiting := (select count(distinct near.once) from (
            select coalesce(s.record_id, s.subject_id) as once from ${OPEN} and ${IN_REACH}
            union all select coalesce(s.record_id, s.subject_id) from ${RUN_OUT} and ${IN_REACH}
            union all select coalesce(s.record_id, s.subject_id) from ${MINE} and ${IN_REACH}) near);
        end if;
      end $$;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop function work_counts(uuid, uuid, uuid);
      drop function claim_slot(uuid, uuid, integer, uuid);
    `);
  }
}
