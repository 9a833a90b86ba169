import type { EntityManager } from 'typeorm';
import { DomainError, uuidv7 } from '@qingnang/kernel';

/** A budget would be exceeded: nothing was sent. The job pauses until somebody raises the limit. */
export class BudgetExhaustedError extends DomainError {
  constructor(readonly scope: string) {
    super({
      code: 'budget_exhausted',
      status: 409,
      detail: `The budget of this ${scope} does not cover another call: raise its limit, or wait for the calls in flight.`,
      details: { scope },
    });
  }
}

export interface Reserving {
  projectId: string;
  jobId: string | null;
  callId: string;
  /** Highest price the call can have. */
  amount: number;
}

/**
 * Sets the estimate aside in every budget that applies (job, project, this month), or throws and reserves nowhere:
 * the caller's transaction must end then.
 */
export async function reserve(tx: EntityManager, input: Reserving): Promise<void> {
  // In one order everywhere, so that two calls never wait for each other.
  const budgets = await tx.query<{ id: string; scope: string; open: boolean }[]>(
    `select id, scope, spent + reserved + $3::numeric <= limit_amount as open from budget
     where project_id = $1 and (scope = 'project' or job_id = $2 or
       (scope = 'month' and month = date_trunc('month', now() at time zone 'UTC')::date))
     order by id for update`,
    [input.projectId, input.jobId, input.amount],
  );
  const full = budgets.find((budget) => !budget.open);
  if (full) throw new BudgetExhaustedError(full.scope);
  for (const budget of budgets) {
    await tx.query('update budget set reserved = reserved + $2 where id = $1', [budget.id, input.amount]);
    await tx.query('insert into reservation (id, project_id, call_id, budget_id, amount) values ($1, $2, $3, $4, $5)', [
      uuidv7(),
      input.projectId,
      input.callId,
      budget.id,
      input.amount,
    ]);
  }
}

/**
 * A job has ended, so nothing of it stays set aside: calls nobody knows the end of count as spent at their estimate, which
 * stays marked as one.
 */
export async function spendDoubts(tx: EntityManager, jobId: string): Promise<void> {
  const doubts = await tx.query<{ id: string; cost: string }[]>(
    `select c.id, c.cost from llm_call c where c.job_id = $1 and c.state = 'in_doubt'
       and exists (select from reservation r where r.call_id = c.id and r.state = 'held') order by c.id`,
    [jobId],
  );
  for (const doubt of doubts) await settle(tx, doubt.id, Number(doubt.cost));
}

/** Turns what was set aside for a call into what it cost; 0 releases it. */
export async function settle(tx: EntityManager, callId: string, cost: number): Promise<void> {
  await tx.query(
    `with held as (
       update reservation set state = case when $2::numeric > 0 then 'settled' else 'released' end, settled = $2
       where id in (select id from reservation where call_id = $1 and state = 'held' order by budget_id for update)
       returning budget_id, amount)
     update budget b set reserved = b.reserved - held.amount, spent = b.spent + $2::numeric
     from held where b.id = held.budget_id`,
    [callId, cost],
  );
}
