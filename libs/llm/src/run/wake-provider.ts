import type { EntityManager } from 'typeorm';
import { letRun } from '../job/create-job.js';
import { LlmJobEntity } from '../job/llm-job.entity.js';

/** Lets the running jobs of a provider look at once, because it can be asked again. */
export async function wakeProvider(tx: EntityManager, providerId: string): Promise<void> {
  const jobs = await tx
    .createQueryBuilder(LlmJobEntity, 'j')
    .where(
      `j.state = 'running' and exists (select from llm_job_role r where r.job_id = j.id and r.provider_id = :providerId)`,
    )
    .setParameters({ providerId })
    .getMany();
  for (const job of jobs) await letRun(tx, job);
}
