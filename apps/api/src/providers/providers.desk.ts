import { Injectable } from '@nestjs/common';
import { writeAudit } from '@qingnang/audit';
import type {
  Actor,
  CreateProvider,
  DeclareInside,
  ProviderQuery,
  ProviderView,
  UpdateProvider,
} from '@qingnang/contracts';
import { ProviderService } from '@qingnang/llm';
import { DataSource } from 'typeorm';

/** Joins what the gate does with the log it stands below: one transaction for the act and its entry. */
@Injectable()
export class ProvidersDesk {
  constructor(
    private readonly dataSource: DataSource,
    private readonly providers: ProviderService,
  ) {}

  list(actor: Actor, query: ProviderQuery) {
    return this.providers.list(this.dataSource.manager, actor, query);
  }

  get(actor: Actor, id: string): Promise<ProviderView> {
    return this.providers.get(this.dataSource.manager, actor, id);
  }

  create(actor: Actor, input: CreateProvider): Promise<ProviderView> {
    return this.dataSource.transaction(async (tx) => {
      const made = await this.providers.create(tx, actor, input);
      await writeAudit(tx, actor, {
        action: 'provider.create',
        subjectType: 'provider',
        subjectId: made.id,
        after: factsOf(made),
      });
      return made;
    });
  }

  update(actor: Actor, id: string, revision: number, input: UpdateProvider): Promise<ProviderView> {
    return this.dataSource.transaction(async (tx) => {
      const before = await this.providers.get(tx, actor, id);
      const after = await this.providers.update(tx, actor, id, revision, input);
      await writeAudit(tx, actor, {
        action: 'provider.update',
        subjectType: 'provider',
        subjectId: id,
        before: factsOf(before),
        after: { ...factsOf(after), keyChanged: input.apiKey !== undefined || before.hasKey !== after.hasKey },
      });
      return after;
    });
  }

  declareInside(actor: Actor, id: string, revision: number, input: DeclareInside): Promise<ProviderView> {
    return this.dataSource.transaction(async (tx) => {
      const before = await this.providers.get(tx, actor, id);
      const after = await this.providers.declareInside(tx, actor, id, revision, input.inside);
      await writeAudit(tx, actor, {
        action: input.inside ? 'provider.declare_inside' : 'provider.declare_outside',
        subjectType: 'provider',
        subjectId: id,
        before: { outside: before.outside, baseUrl: before.baseUrl },
        after: { outside: after.outside, baseUrl: after.baseUrl },
      });
      return after;
    });
  }
}

/** What the log may know; the key itself never. */
function factsOf(provider: ProviderView): Record<string, unknown> {
  const { name, baseUrl, hasKey, outside, insideAddress, state, models } = provider;
  return { name, baseUrl, hasKey, outside, insideAddress, state, models: models.map((model) => model.name) };
}
