import type { Queryable } from '@qingnang/database';

/** Texts that go at once: looked after every few seconds, far more than are ever written in that time. */
const AT_ONCE = 5_000;

/**
 * Texts of calls past their retention go, whether jobs run or not; tokens and cost stay. Several workers may do so at once.
 * @returns how many went
 */
export async function dropExpiredPayloads(db: Queryable): Promise<number> {
  const [dropped] = await db.query<{ n: number }[]>(
    `with dropped as (
       delete from llm_payload where call_id in (
         select call_id from llm_payload where expires_at < now() order by expires_at limit ${AT_ONCE}
         for update skip locked)
       returning 1)
     select count(*)::int as n from dropped`,
  );
  return dropped!.n;
}
