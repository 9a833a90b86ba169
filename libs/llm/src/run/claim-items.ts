import type { EntityManager } from 'typeorm';

export interface ClaimedItem {
  id: string;
  fencingToken: string;
  attempts: number;
  inDoubtCount: number;
  idempotencyKey: string;
  promptVersionId: string | null;
  sampleIndex: number;
  role: string;
}

export interface Claim {
  jobId: string;
  role: string;
  owner: string;
  leaseSeconds: number;
  limit: number;
}

const COLUMNS = `i.id, i.fencing_token as "fencingToken", i.attempts, i.in_doubt_count as "inDoubtCount",
  i.idempotency_key as "idempotencyKey", i.prompt_version_id as "promptVersionId", i.sample_index as "sampleIndex", i.role`;

/** How long ago a role may have asked for its turn and still be kept a place: whoever asks no more is not waited for. */
const PATIENCE = `interval '3 seconds'`;

/** Roles of running jobs, other than ours, that could ask this provider now. Each has a right to an equal share. */
const RIVALS = `select r.waiting_since, r.asked_at, exists (
    select from llm_item i where i.job_id = r.job_id and i.role = r.role and i.state = 'in_flight') as served
  from llm_job_role r join llm_job j on j.id = r.job_id join mine on r.provider_id = mine.provider_id
  where j.state = 'running' and (r.job_id, r.role) <> (mine.id, mine.role)
    and exists (select from llm_item i where i.job_id = r.job_id and i.role = r.role and i.state = 'waiting'
      and i.run_at <= clock_timestamp())
    and not exists (select from model_breaker b where b.provider_id = r.provider_id and b.model = r.model
      and b.open_until > clock_timestamp())`;

/**
 * Takes up to `limit` waiting items of a role of a running job: one statement that leases them, raises fencing token and
 * attempts, and takes as many tokens from the provider's bucket. Never more than the bucket, the provider's concurrency, the
 * model's breaker and a fair share allow: of both limits the roles that could ask now have equal parts, and who has waited
 * longest without any comes first. The bucket holds ten seconds' worth of requests, at least one.
 */
export async function claimItems(tx: EntityManager, claim: Claim): Promise<ClaimedItem[]> {
  const asked = [claim.jobId, claim.role];
  // The lock comes first and apart: the claim must count what others claimed while we waited for it.
  await tx.query(
    `select from provider p where id = (select provider_id from llm_job_role where job_id = $1 and role = $2)
     for no key update`,
    asked,
  );
  const claimed = await tx.query<ClaimedItem[]>(CLAIM, [
    claim.jobId,
    claim.owner,
    claim.leaseSeconds,
    claim.limit,
    claim.role,
  ]);
  await tx.query(
    `update llm_job_role set asked_at = clock_timestamp(),
       waiting_since = case when $3 then null else coalesce(waiting_since, clock_timestamp()) end
     where job_id = $1 and role = $2 and (waiting_since is not null or not $3)`,
    [...asked, claimed.length > 0],
  );
  return claimed;
}

const CLAIM = `with mine as (
       select j.id, r.provider_id, r.model, r.role, r.waiting_since from llm_job j join llm_job_role r on r.job_id = j.id
       where j.id = $1 and r.role = $5 and j.state = 'running'),
     rivals as (${RIVALS}),
     out as (
       select count(*)::int as n, count(*) filter (where i.job_id = $1 and i.role = $5)::int as ours
       from llm_job_role r join llm_item i on i.job_id = r.job_id and i.role = r.role and i.state = 'in_flight'
       where r.provider_id = (select provider_id from mine)),
     room as (
       select p.id, level.n as level, least($4, ceil(floor(level.n) / (1 + rival.n))::int,
         p.max_concurrency - out.n - rival.first, ceil(p.max_concurrency / (1.0 + rival.n))::int - out.ours) as n
       from provider p join mine on p.id = mine.provider_id cross join out,
         lateral (select least(greatest(p.requests_per_minute / 6.0, 1), p.bucket_tokens
           + greatest(extract(epoch from clock_timestamp() - p.bucket_at), 0) * p.requests_per_minute / 60.0)
           ::double precision as n) level,
         lateral (select count(*)::int as n, count(*) filter (where not served
             and asked_at > clock_timestamp() - ${PATIENCE}
             and waiting_since < coalesce(mine.waiting_since, clock_timestamp()))::int as first from rivals) rival
       where p.state = 'active' and (p.breaker_open_until is null or p.breaker_open_until <= clock_timestamp())
         and not exists (select from model_breaker b where b.provider_id = p.id and b.model = mine.model
           and b.open_until > clock_timestamp())),
     picked as (
       select i.id from llm_item i
       where i.job_id = $1 and i.role = $5 and i.state = 'waiting' and i.run_at <= clock_timestamp()
         and exists (select from mine)
       order by i.run_at, i.id
       limit (select greatest(n, 0) from room)
       for update skip locked),
     claimed as (
       update llm_item i set state = 'in_flight', lease_owner = $2, lease_until = clock_timestamp() + make_interval(secs => $3),
         fencing_token = i.fencing_token + 1, attempts = i.attempts + 1, updated_at = clock_timestamp()
       from picked where i.id = picked.id and exists (select from room)
       returning ${COLUMNS}),
     spent as (
       update provider p set bucket_tokens = room.level - (select count(*) from claimed), bucket_at = clock_timestamp()
       from room where p.id = room.id and exists (select from claimed))
     select * from claimed`;

/** Takes over answers that a worker received and did not live to store. They are not bought again. */
export async function claimAnswered(tx: EntityManager, claim: Omit<Claim, 'role'>): Promise<ClaimedItem[]> {
  return tx.query<ClaimedItem[]>(
    `with picked as (
       select id from llm_item where job_id = $1 and state = 'answered' and lease_until < clock_timestamp()
       order by id limit $4 for update skip locked),
     claimed as (
       update llm_item i set lease_owner = $2, lease_until = clock_timestamp() + make_interval(secs => $3),
         fencing_token = i.fencing_token + 1, updated_at = clock_timestamp()
       from picked where i.id = picked.id
       returning ${COLUMNS})
     select * from claimed`,
    [claim.jobId, claim.owner, claim.leaseSeconds, claim.limit],
  );
}

/** A sign of life for everything this runner holds. */
export async function renewLeases(
  tx: EntityManager,
  owner: string,
  itemIds: readonly string[],
  leaseSeconds: number,
): Promise<void> {
  await tx.query(
    `update llm_item set lease_until = clock_timestamp() + make_interval(secs => $3)
     where id = any($2::uuid[]) and lease_owner = $1 and state in ('in_flight', 'answered')`,
    [owner, itemIds, leaseSeconds],
  );
}
