import type { EntityManager } from 'typeorm';
import { type Actor, type CreateDistilJobBody, distilRoles, type DistilRoleName } from '@qingnang/contracts';
import { SourceEntity } from '@qingnang/corpus';
import { notFound, uuidv7 } from '@qingnang/kernel';
import {
  latestPromptVersion,
  type NewLlmJob,
  type NewLlmJobRole,
  PromptTemplateService,
  ProviderEntity,
} from '@qingnang/llm';
import { distilPrompts } from './prompts.js';

type Who = Pick<Actor, 'projectId' | 'personId'>;

/** What a distillation asks of the gate: two roles with their newest prompts, and a source that its records come under. */
export async function newDistilJob(tx: EntityManager, actor: Who, body: CreateDistilJobBody): Promise<NewLlmJob> {
  const { settings, roles, name, budgetLimit } = body;
  const asked: NewLlmJobRole[] = [];
  for (const role of distilRoles[settings.kind]) {
    const { providerId, model } = roles.find((each) => each.role === role)!;
    asked.push({ role, providerId, model, promptVersionIds: [await ensurePrompt(tx, actor.projectId, role)] });
  }
  // The words of a record are those of its last role; the terms of that model's provider hold for them.
  const { providerId, model } = asked.at(-1)!;
  const sourceId = await ensureSource(tx, actor, { providerId, model, language: settings.language });
  return { purpose: 'distil', name, budgetLimit, providerId, model, roles: asked, settings: { ...settings, sourceId } };
}

async function ensurePrompt(tx: EntityManager, projectId: string, role: DistilRoleName): Promise<string> {
  const prompt = distilPrompts[role];
  await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`${prompt.key}:${projectId}`]);
  const known = await latestPromptVersion(tx, projectId, prompt.key);
  if (known) return known.id;
  const template = await new PromptTemplateService().create(tx, { projectId, personId: null }, prompt);
  return template.latest!.id;
}

/**
 * Stands for a model and its provider's terms; what it may be used for is changed there, for all its records at once. Its
 * making is part of the job's, and noted with it.
 */
async function ensureSource(
  tx: EntityManager,
  actor: Who,
  made: { providerId: string; model: string; language: 'zh' | 'en' },
): Promise<string> {
  const provider = await tx.findOneBy(ProviderEntity, { id: made.providerId, projectId: actor.projectId });
  if (!provider) throw notFound('provider', made.providerId);
  const name = `模型生成 · ${provider.name} · ${made.model} · ${made.language}`.slice(0, 200);
  await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`source:${actor.projectId}:${name}`]);
  const known = await tx.findOneBy(SourceEntity, { projectId: actor.projectId, name });
  if (known) return known.id;
  const id = uuidv7();
  await tx.insert(SourceEntity, {
    id,
    projectId: actor.projectId,
    name,
    origin: `${provider.name} / ${made.model}`,
    licence: 'LicenseRef-model-output',
    terms: '',
    allowedUse: ['train'],
    deidentified: true,
    language: made.language,
    synthetic: true,
    createdBy: actor.personId,
  });
  return id;
}
