import type { EntityManager } from 'typeorm';

export interface ClaimedItem {
  id: string;
  fencingToken: string;
  attempts: number;
  inDoubtCount: number;
  idempotencyKey: string;
  promptVersionId: string | null;
  sampleIndex: number;
}

export interface Claim {
  jobId: string;
  owner: string;
  leaseSeconds: number;
  limit: number;
}

const COLUMNS = `i.id, i.fencing_token as "fencingToken", i.attempts, i.in_doubt_count as "inDoubtCount",
  i.idempotency_key as "idempotencyKey", i.prompt_version_id as "promptVersionId", i.sample_index as "sampleIndex"`;

/**
 * Takes up to `limit` waiting items of a running job: one statement that leases them, raises fencing token and attempts,
 * and takes as many tokens from the provider's bucket. Never more than the bucket, the provider's concurrency and its
 * breaker allow. The bucket holds ten seconds' worth of requests, at least one.
 */
export async function claimItems(tx: EntityManager, claim: Claim): Promise<ClaimedItem[]> {
  // The lock comes first and apart: the claim must count what others claimed while we waited for it.
  await tx.query(
    'select from provider p where id = (select provider_id from llm_job where id = $1) for no key update',
    [claim.jobId],
  );
  return tx.query<ClaimedItem[]>(
    `with job as (select id, project_id, provider_id from llm_job where id = $1 and state = 'running'),
     room as (
       select p.id, level.n as level,
         least($4, floor(level.n)::int, p.max_concurrency - (
           select count(*)::int from llm_item i join llm_job j on j.id = i.job_id
           where j.provider_id = p.id and i.state = 'in_flight')) as n
       from provider p join job on p.id = job.provider_id,
         lateral (select least(greatest(p.requests_per_minute / 6.0, 1), p.bucket_tokens
           + greatest(extract(epoch from clock_timestamp() - p.bucket_at), 0) * p.requests_per_minute / 60.0)
           ::double precision as n) level
       where p.state = 'active' and (p.breaker_open_until is null or p.breaker_open_until <= clock_timestamp())),
     picked as (
       select i.id from llm_item i
       where i.job_id = $1 and i.state = 'waiting' and i.run_at <= clock_timestamp() and exists (select from job)
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
     select * from claimed`,
    [claim.jobId, claim.owner, claim.leaseSeconds, claim.limit],
  );
}

/** Takes over answers that a worker received and did not live to store. They are not bought again. */
export async function claimAnswered(tx: EntityManager, claim: Claim): Promise<ClaimedItem[]> {
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
