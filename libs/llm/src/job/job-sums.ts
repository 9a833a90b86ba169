import type { EntityManager } from 'typeorm';
import type { LlmJobDetail, LlmJobStage } from '@qingnang/contracts';
import { inState, keptCount } from '@qingnang/database';

export interface JobPlace {
  projectId: string;
  id: string;
}

export type ItemSums = Pick<LlmJobDetail, 'counts' | 'stages'>;

export type CallSums = Pick<
  LlmJobDetail,
  'inputTokens' | 'outputTokens' | 'cost' | 'estimatedCost' | 'reserved' | 'secondCharges' | 'cachedCalls' | 'inFlight'
>;

const STATES = ['waiting', 'in_flight', 'in_doubt', 'answered', 'stored', 'failed', 'skipped'] as const;
type Counts = Record<(typeof STATES)[number], number>;

/** Items by state, and by stage: the roles in the order in which their first items were written. */
export async function itemSums(tx: EntityManager, { projectId, id }: JobPlace): Promise<ItemSums> {
  const rows = await tx.query<{ role: string; state: keyof Counts; n: number }[]>(
    `select role, state, n from (
       select k.key ->> 'role' as role, k.key ->> 'state' as state, sum(k.n)::int as n from tally_total k
       where k.project_id = $1 and k.topic = 'llm_item' and k.scope = $2 group by 1, 2 having sum(k.n) > 0) kept
     order by (select i.id::text from llm_item i where i.job_id = $2 and i.role = kept.role order by i.id limit 1)`,
    [projectId, id],
  );
  const counts = Object.fromEntries(STATES.map((state) => [state, 0])) as Counts;
  const stages = new Map<string, LlmJobStage>();
  for (const { role, state, n } of rows) {
    counts[state] += n;
    const stage = stages.get(role) ?? { role, asked: 0, open: 0, stored: 0, failed: 0, skipped: 0 };
    stage.asked += n;
    stage[state === 'stored' || state === 'failed' || state === 'skipped' ? state : 'open'] += n;
    stages.set(role, stage);
  }
  return { counts, stages: [...stages.values()] };
}

/** What was kept, by kind. */
export function resultSums(tx: EntityManager, { projectId, id }: JobPlace): Promise<LlmJobDetail['results']> {
  return tx.query(
    `select k.key ->> 'type' as type, sum(k.n)::int as count from tally_total k
     where k.project_id = $1 and k.topic = 'llm_item.result' and k.scope = $2
       and k.key ->> 'type' not in ('llm_item', 'nothing_new') group by 1 having sum(k.n) > 0 order by 1`,
    [projectId, id],
  );
}

/** Tokens and money of all calls. */
export async function callSums(tx: EntityManager, { projectId, id }: JobPlace): Promise<CallSums> {
  const sum = (topic: string, where = 'true'): string =>
    `coalesce(sum(k.n) filter (where k.topic = '${topic}' and ${where}), 0)::float8`;
  const money = (where: string): string => `${sum('llm_call.cost', where)} / 1000000`;
  const estimated = `(k.key ->> 'estimated')::boolean`;
  const answered = `k.key ->> 'state' = 'answered'`;
  const sending = `k.key ->> 'state' = 'sending'`;
  const [row] = await tx.query<CallSums[]>(
    `select ${sum('llm_call.input')} as "inputTokens", ${sum('llm_call.output')} as "outputTokens",
       ${money(`(not ${estimated} or ${answered})`)} as cost, ${money(`${estimated} and ${answered}`)} as "estimatedCost",
       ${money(`${estimated} and not ${answered}`)} as reserved,
       ${money(`(k.key ->> 'secondCharge')::boolean`)} as "secondCharges",
       ${sum('llm_call', `k.key ->> 'state' = 'cached'`)} as "cachedCalls",
       json_build_object('calls', ${sum('llm_call', sending)}, 'atMost', ${money(sending)}) as "inFlight"
     from tally_total k where k.project_id = $1 and k.scope = $2
       and k.topic in ('llm_call', 'llm_call.input', 'llm_call.output', 'llm_call.cost')`,
    [projectId, id],
  );
  return row!;
}

export interface Pace {
  inDoubtTotal: number;
  /** Items that ended in the last minute, and the seconds since the first of them. */
  recent: number;
  span: number | null;
}

/** How fast items ended of late: as many rows as a minute brings, however many there are. */
export async function paceOf(tx: EntityManager, { projectId, id }: JobPlace): Promise<Pace> {
  const [row] = await tx.query<Pace[]>(
    `select ${keptCount('llm_item.doubts', { scope: '$2' })} as "inDoubtTotal", count(*)::int as recent,
       extract(epoch from now() - min(updated_at))::float8 as span
     from llm_item where job_id = $2 and updated_at > now() - interval '1 minute' and state in ('stored', 'failed')`,
    [projectId, id],
  );
  return row!;
}

/** The kept count of a job's items, of one state or of all. */
export async function keptItems(tx: EntityManager, { projectId, id }: JobPlace, state?: string): Promise<number> {
  const where = state === undefined ? {} : { where: inState(state) };
  const [row] = await tx.query<{ n: number }[]>(`select ${keptCount('llm_item', { scope: '$2', ...where })} as n`, [
    projectId,
    id,
  ]);
  return row!.n;
}
