import type { DataSource } from 'typeorm';
import { DomainError } from '@qingnang/kernel';
import { notify } from '@qingnang/queue';
import { LlmJobEntity } from '../job/llm-job.entity.js';
import type { PurposeContext, PurposeRegistry } from '../job/llm-purpose.js';
import { modelOf } from '../provider/provider-access.js';
import { ProviderEntity } from '../provider/provider.entity.js';
import { standStill } from './job-progress.js';

/** Writes a job's items out, once: the filter is read here and never again. Lanes that come later find it done. */
export async function writeOut(dataSource: DataSource, purposes: PurposeRegistry, jobId: string): Promise<void> {
  try {
    await dataSource.transaction(async (tx) => {
      const job = await tx.findOneOrFail(LlmJobEntity, { where: { id: jobId }, lock: { mode: 'pessimistic_write' } });
      if (job.state !== 'running' || job.startedAt) return;
      const provider = await tx.findOneByOrFail(ProviderEntity, { id: job.providerId });
      await purposes.get(job.purpose).writeItems(tx, job, purposeContext(provider, job.model));
      await tx.query(
        `update llm_job set started_at = now(), total = (select count(*) from llm_item where job_id = $1) where id = $1`,
        [jobId],
      );
      await notify(tx, job.projectId, 'llm-jobs', jobId);
    });
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    const job = await dataSource.manager.findOneByOrFail(LlmJobEntity, { id: jobId });
    await dataSource.transaction(async (tx) => {
      if (!(await standStill(tx, job, 'failed', error.code))) return;
      const failed = await tx.findOneByOrFail(LlmJobEntity, { id: jobId });
      await purposes.get(failed.purpose).failed?.(tx, failed);
    });
  }
}

export function purposeContext(provider: ProviderEntity, modelName: string): PurposeContext {
  const model = modelOf(provider, modelName);
  return { outside: provider.outside, contextTokens: model.context_tokens, textOnly: model.text_only };
}
