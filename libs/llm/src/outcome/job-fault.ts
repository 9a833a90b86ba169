import type { EntityManager } from 'typeorm';

export interface Fault {
  code: string;
  param?: string | null;
  /** The provider's own sentence, fit to be shown. */
  said?: string | null;
}

/** Equal answers in a row after which a job stops; what names an account or a setting will not pass by itself. */
const PATIENCE: Record<string, number> = {
  insufficient_quota: 1,
  provider_unauthorised: 1,
  provider_redirects: 1,
  provider_address_refused: 1,
  model_not_found: 3,
  address_not_found: 3,
  unsupported_parameter: 3,
};
/** Of questions that were refused one by one, or answers nobody can use: while nothing has worked yet, and afterwards. */
const AT_FIRST = 5;
const LATER = 50;

/** Whether a fault lies with the account, the model or a setting: its items are not spent on it. */
export function concernsJob(code: string): boolean {
  return code in PATIENCE;
}

/** Counts equal faults in a row; true where the job should stop before all its items have met the same one. */
export async function countFault(tx: EntityManager, jobId: string, { code, param, said }: Fault): Promise<boolean> {
  const [job] = await tx.query<{ count: number; works: boolean }[]>(
    `with counted as (
       update llm_job set fault_count = case when fault_code = $2 then fault_count + 1 else 1 end, fault_code = $2,
         fault_param = $3, fault_said = coalesce($4, case when fault_code = $2 then fault_said end)
       where id = $1 and state = 'running' returning fault_count, works)
     select fault_count as count, works from counted`,
    [jobId, code, param ?? null, said ?? null],
  );
  return job !== undefined && job.count >= (PATIENCE[code] ?? (job.works ? LATER : AT_FIRST));
}

/** Something was stored: what failed before was no fault of the job's. */
export async function forgetFault(tx: EntityManager, jobId: string): Promise<void> {
  await tx.query(
    `update llm_job set fault_code = null, fault_param = null, fault_said = null, fault_count = 0, works = true
     where id = $1 and (fault_count > 0 or not works)`,
    [jobId],
  );
}
