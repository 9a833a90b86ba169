import type { EntityManager } from 'typeorm';
import type { OpenJob } from '../run/engine-options.js';
import { BREAKER_FAILURES, BREAKER_SECONDS } from './retry-rules.js';

/** A model of a provider: what fails or is told to wait is the model, and its provider's others go on. */
type Asked = Pick<OpenJob, 'job' | 'provider' | 'model'>;

const keyOf = ({ job, provider, model }: Asked): string[] => [job.projectId, provider.id, model.name];

/** Counts a failure in a row; from the fifth on the model is left alone for half a minute. */
export async function tripBreaker(tx: EntityManager, asked: Asked): Promise<void> {
  await tx.query(
    `insert into model_breaker as b (project_id, provider_id, model, failures, reason) values ($1, $2, $3, 1, 'failing')
     on conflict (provider_id, model) do update set failures = b.failures + 1, reason = 'failing',
       open_until = case when b.failures + 1 >= $4
         then clock_timestamp() + make_interval(secs => $5) else b.open_until end`,
    [...keyOf(asked), BREAKER_FAILURES, BREAKER_SECONDS],
  );
}

/** An answer clears the count; the row is left alone where there is nothing to clear. */
export async function closeBreaker(tx: EntityManager, asked: Asked): Promise<void> {
  await tx.query(
    'update model_breaker set failures = 0 where project_id = $1 and provider_id = $2 and model = $3 and failures > 0',
    keyOf(asked),
  );
}

/** No claims for as long as a server asked us to wait, a minute at most. */
export async function pauseModel(tx: EntityManager, asked: Asked, delayMs: number): Promise<void> {
  await tx.query(
    `insert into model_breaker as b (project_id, provider_id, model, reason, open_until)
       values ($1, $2, $3, 'rate_limited', clock_timestamp() + make_interval(secs => $4::double precision / 1000))
     on conflict (provider_id, model) do update set reason = 'rate_limited',
       open_until = greatest(b.open_until, excluded.open_until)`,
    [...keyOf(asked), Math.min(delayMs, 60_000)],
  );
}
