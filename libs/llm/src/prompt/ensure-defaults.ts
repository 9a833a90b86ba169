import type { EntityManager } from 'typeorm';
import type { ProviderModel } from '@qingnang/contracts';
import { uuidv7 } from '@qingnang/kernel';
import { ProviderEntity } from '../provider/provider.entity.js';
import { rehearsalTasks } from '../provider/rehearsal-tasks.js';
import { defaultPrompts } from './default-prompts.js';
import { PromptTemplateEntity } from './prompt-template.entity.js';
import { PromptVersionEntity } from './prompt-version.entity.js';
import { variablesOf } from './render.js';

const REHEARSAL_CONTEXT = 32_768;

/**
 * What a project needs to begin with: the rehearsal provider, the house style, the polish templates. Adds what is missing
 * and changes nothing that is there, so it may be called at every start.
 */
export async function ensureLlmDefaults(tx: EntityManager, projectId: string): Promise<void> {
  await ensureRehearsal(tx, projectId);
  for (const prompt of defaultPrompts) {
    if (await tx.existsBy(PromptTemplateEntity, { projectId, key: prompt.key })) continue;
    const templateId = uuidv7();
    const { key, purpose, name, systemText, userText, settings } = prompt;
    await tx.insert(PromptTemplateEntity, { id: templateId, projectId, key, purpose, name });
    await tx.insert(PromptVersionEntity, {
      id: uuidv7(),
      projectId,
      templateId,
      number: 1,
      systemText,
      userText,
      settings,
      variables: variablesOf(systemText, userText),
      authorId: null,
    });
  }
}

async function ensureRehearsal(tx: EntityManager, projectId: string): Promise<void> {
  if (await tx.existsBy(ProviderEntity, { projectId, kind: 'rehearsal' })) return;
  const models: ProviderModel[] = rehearsalTasks.map((task) => ({
    name: `rehearsal-${task}`,
    text_only: false,
    context_tokens: REHEARSAL_CONTEXT,
    input_price: 0,
    output_price: 0,
    rehearsal: true,
  }));
  await tx.insert(ProviderEntity, {
    id: uuidv7(),
    projectId,
    name: '演练模型 Rehearsal',
    kind: 'rehearsal',
    // Only where no server is running; the settings know the port of the day.
    baseUrl: 'http://127.0.0.1:0/v1',
    models,
    outside: false,
    honoursIdempotency: true,
    maxConcurrency: 8,
    requestsPerMinute: 60_000,
  });
}
