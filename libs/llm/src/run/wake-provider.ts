import type { EntityManager } from 'typeorm';
import { letRun } from '../job/create-job.js';
import { LlmJobEntity } from '../job/llm-job.entity.js';

/** Lets the running jobs of a provider look at once, because it can be asked again. */
export async function wakeProvider(tx: EntityManager, providerId: string): Promise<void> {
  for (const job of await tx.findBy(LlmJobEntity, { providerId, state: 'running' })) await letRun(tx, job);
}
