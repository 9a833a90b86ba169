import type { EntityManager } from 'typeorm';
import {
  type Actor,
  type CreatePromptTemplate,
  type CreatePromptVersion,
  type ListQuery,
  type ListReply,
  promptSettings,
  type PromptTemplateDetail,
  type PromptTemplateView,
  type PromptVersionView,
} from '@qingnang/contracts';
import { listPage } from '@qingnang/database';
import { DomainError, notFound, uuidv7 } from '@qingnang/kernel';
import { PromptTemplateEntity } from './prompt-template.entity.js';
import { PromptVersionEntity } from './prompt-version.entity.js';
import { variablesOf } from './render.js';

type InProject = Pick<Actor, 'projectId' | 'personId'>;
type TemplateRow = PromptTemplateEntity & { versionCount: number };

/** Templates and their versions. A version is never changed: better words are the next version. */
export class PromptTemplateService {
  async list(
    tx: EntityManager,
    actor: InProject,
    query: ListQuery & { purpose?: string | undefined },
  ): Promise<ListReply<PromptTemplateView>> {
    const params: unknown[] = [actor.projectId];
    const where = ['t.project_id = $1'];
    if (query.purpose) where.push(`t.purpose = $${params.push(query.purpose)}`);
    const page = await listPage<TemplateRow, TemplateRow>(tx, {
      select: COLUMNS,
      from: 'prompt_template t',
      where,
      params,
      sortable: {
        createdAt: { sql: 't.created_at', type: 'timestamptz' },
        key: { sql: 't.key', type: 'text' },
      },
      id: { sql: 't.id', type: 'uuid' },
      query,
      map: (row) => row,
    });
    const latest = await this.latestVersions(
      tx,
      page.items.map((row) => row.id),
    );
    return { ...page, items: page.items.map((row) => templateView(row, latest.get(row.id) ?? null)) };
  }

  async get(tx: EntityManager, actor: InProject, id: string): Promise<PromptTemplateDetail> {
    const [row] = await tx.query<TemplateRow[]>(
      `select ${COLUMNS} from prompt_template t where t.project_id = $1 and t.id = $2`,
      [actor.projectId, id],
    );
    if (!row) throw notFound('prompt_template', id);
    const versions = await tx.find(PromptVersionEntity, { where: { templateId: id }, order: { number: 'DESC' } });
    const views = versions.map(versionView);
    return { ...templateView(row, views[0] ?? null), versions: views };
  }

  /** @throws DomainError `prompt_template.key_taken` (409) */
  async create(tx: EntityManager, actor: InProject, input: CreatePromptTemplate): Promise<PromptTemplateDetail> {
    const taken = await tx.existsBy(PromptTemplateEntity, { projectId: actor.projectId, key: input.key });
    if (taken) {
      throw new DomainError({
        code: 'prompt_template.key_taken',
        status: 409,
        field: 'key',
        detail: `There is a template with the key ${input.key} already: add a version to it, or choose another key.`,
      });
    }
    const id = uuidv7();
    const { key, purpose, name } = input;
    await tx.insert(PromptTemplateEntity, { id, projectId: actor.projectId, key, purpose, name });
    await this.insertVersion(tx, actor, id, 1, input);
    return this.get(tx, actor, id);
  }

  async addVersion(
    tx: EntityManager,
    actor: InProject,
    templateId: string,
    input: CreatePromptVersion,
  ): Promise<PromptVersionView> {
    const template = await tx.findOne(PromptTemplateEntity, {
      where: { id: templateId, projectId: actor.projectId },
      lock: { mode: 'pessimistic_write' },
    });
    if (!template) throw notFound('prompt_template', templateId);
    const newest = await tx.maximum(PromptVersionEntity, 'number', { templateId });
    return this.insertVersion(tx, actor, templateId, (newest ?? 0) + 1, input);
  }

  private async insertVersion(
    tx: EntityManager,
    actor: InProject,
    templateId: string,
    number: number,
    input: CreatePromptVersion,
  ): Promise<PromptVersionView> {
    const id = uuidv7();
    await tx.insert(PromptVersionEntity, {
      id,
      projectId: actor.projectId,
      templateId,
      number,
      systemText: input.systemText,
      userText: input.userText,
      variables: variablesOf(input.systemText, input.userText),
      settings: input.settings,
      authorId: actor.personId,
    });
    return versionView(await tx.findOneByOrFail(PromptVersionEntity, { id }));
  }

  private async latestVersions(tx: EntityManager, ids: string[]): Promise<Map<string, PromptVersionView>> {
    const versions = await tx
      .createQueryBuilder(PromptVersionEntity, 'v')
      .distinctOn(['v.template_id'])
      .where('v.template_id = any(:ids::uuid[])', { ids })
      .orderBy('v.template_id')
      .addOrderBy('v.number', 'DESC')
      .getMany();
    return new Map(versions.map((version) => [version.templateId, versionView(version)]));
  }
}

const COLUMNS = `t.id, t.key, t.purpose, t.name, t.created_at as "createdAt",
  (select count(*)::int from prompt_version v where v.template_id = t.id) as "versionCount"`;

function templateView(row: TemplateRow, latest: PromptVersionView | null): PromptTemplateView {
  const { id, key, purpose, name, versionCount } = row;
  return { id, key, purpose, name, versionCount, latest, createdAt: row.createdAt.toISOString() };
}

export function versionView(row: PromptVersionEntity): PromptVersionView {
  return {
    id: row.id,
    templateId: row.templateId,
    number: row.number,
    systemText: row.systemText,
    userText: row.userText,
    variables: row.variables,
    settings: promptSettings.parse(row.settings),
    authorId: row.authorId,
    createdAt: row.createdAt.toISOString(),
  };
}

/** The newest version of a template by its key; null where the project has none. */
export async function latestPromptVersion(
  tx: EntityManager,
  projectId: string,
  key: string,
): Promise<PromptVersionEntity | null> {
  return tx
    .createQueryBuilder(PromptVersionEntity, 'v')
    .innerJoin(PromptTemplateEntity, 't', 't.id = v.template_id')
    .where('v.project_id = :projectId and t.key = :key', { projectId, key })
    .orderBy('v.number', 'DESC')
    .getOne();
}
