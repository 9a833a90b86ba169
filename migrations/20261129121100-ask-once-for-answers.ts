import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What deciding a task asks in two steps, in one round trip: the task is held first, so that of two last answers at once
 * the second sees the first.
 */
export class AskOnceForAnswers20261129121100 implements MigrationInterface {
  readonly name = 'AskOnceForAnswers20261129121100';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create function all_answered(in_task uuid) returns boolean language plpgsql as $$
      begin
        perform from task where id = in_task for update;
        return not exists (select from slot where task_id = in_task and state not in ('answered', 'accepted'));
      end $$;

      -- The newest answer of each slot once all are in, else nothing; its words only where there are others to agree with.
      create function answers_of_task(in_task uuid) returns table (
        verdict text, version_id uuid, turns jsonb, reason_code text, comment text, person_id uuid)
        language plpgsql as $$
      begin
        if not all_answered(in_task) then return; end if;
        return query
          with newest as (select distinct on (a.slot_id) a.* from answer a where a.task_id = in_task
            order by a.slot_id, a.round desc)
          select n.verdict, n.version_id, v.turns, n.reason_code, n.comment, n.person_id
          from newest n left join version v on v.id = n.version_id and (select count(*) from newest) > 1
          order by n.slot_id;
      end $$;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop function answers_of_task(uuid); drop function all_answered(uuid)');
  }
}
