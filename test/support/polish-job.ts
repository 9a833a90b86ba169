import { ensureLlmDefaults, LlmJobRunner } from '@qingnang/llm';
import { startRehearsalServer } from '../../apps/rehearsal/src/server.js';
import type { LlmJobDetail, PromptTemplateDetail, ProviderView, RecordFilter } from '@qingnang/contracts';
import { runJobsUntilEmpty } from '@qingnang/queue';
import { LlmJobRunHandler } from '../../apps/worker/src/llm/llm-job-run.handler.js';
import type { TestApi } from './api.js';

export interface PolishBench {
  /** Polishes the records as a data lead would, by a job worked off in this process. */
  polish(filter: RecordFilter): Promise<void>;
  close(): Promise<void>;
}

/** The rehearsal model and the default prompts for a test's project. */
export async function openPolishBench(api: TestApi): Promise<PolishBench> {
  const rehearsal = await startRehearsalServer({ port: 0, host: '127.0.0.1', seed: 3 });
  await api.dataSource.transaction((tx) => ensureLlmDefaults(tx, api.project.id));
  const url = `http://127.0.0.1:${rehearsal.port}/v1`;
  await api.dataSource.query(`update provider set base_url = $1 where kind = 'rehearsal'`, [url]);
  const lead = api.as('data_lead');
  return {
    polish: async (filter) => {
      const providers = (await lead.get('/providers').expect(200)).body as { items: ProviderView[] };
      const templates = (await lead.get('/prompt-templates?perPage=50').expect(200)).body as {
        items: PromptTemplateDetail[];
      };
      const template = templates.items.find((item) => item.key === 'polish')!;
      const detail = (await lead.get(`/prompt-templates/${template.id}`).expect(200)).body as PromptTemplateDetail;
      const made = await lead
        .post('/llm-jobs', {
          purpose: 'polish',
          name: '润色试行',
          filter,
          providerId: providers.items.find((item) => item.kind === 'rehearsal')!.id,
          model: 'rehearsal-polish',
          promptVersionIds: [detail.latest!.id],
        })
        .expect(201);
      await lead.post(`/llm-jobs/${(made.body as LlmJobDetail).id}/start`).expect(202);
      const runner = api.app.get(LlmJobRunner, { strict: false });
      await runJobsUntilEmpty(api.url, [new LlmJobRunHandler(runner)]);
    },
    close: () => rehearsal.close(),
  };
}
