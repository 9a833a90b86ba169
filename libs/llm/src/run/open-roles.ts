import type { EntityManager } from 'typeorm';
import { LlmJobRoleEntity } from '../job/llm-job-role.entity.js';
import type { LlmJobEntity } from '../job/llm-job.entity.js';
import type { PurposeRegistry } from '../job/llm-purpose.js';
import { modelOf, openProvider, type ProviderSecrets } from '../provider/provider-access.js';
import type { OpenJob } from './engine-options.js';

/** Everything that asking takes, for each role of a job. @throws DomainError where a provider or model is gone. */
export async function openRoles(
  tx: EntityManager,
  job: LlmJobEntity,
  purposes: PurposeRegistry,
  secrets: ProviderSecrets,
): Promise<OpenJob[]> {
  const purpose = purposes.get(job.purpose);
  const roles = await tx.find(LlmJobRoleEntity, { where: { jobId: job.id }, order: { role: 'ASC' } });
  const opened: OpenJob[] = [];
  for (const { role, providerId, model } of roles) {
    const provider = await openProvider(tx, job.projectId, providerId, secrets);
    opened.push({ job, role, purpose, provider, model: modelOf(provider, model) });
  }
  return opened;
}
