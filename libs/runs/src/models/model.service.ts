import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Actor, ListReply, ModelDetail, ModelQuery, ModelView } from '@qingnang/contracts';
import { listModels, readModel } from './model.views.js';
import { withdrawModel } from './withdraw-model.js';

/** The registry of models that runs have made. */
@Injectable()
export class ModelService {
  constructor(private readonly dataSource: DataSource) {}

  list(actor: Actor, query: ModelQuery): Promise<ListReply<ModelView>> {
    return listModels(this.dataSource, actor.projectId, query);
  }

  get(actor: Actor, id: string): Promise<ModelDetail> {
    return readModel(this.dataSource, actor.projectId, id);
  }

  /** With everything trained from it. @throws DomainError those of {@link withdrawModel} */
  withdraw(actor: Actor, id: string): Promise<ModelDetail> {
    return this.dataSource.transaction(async (tx) => {
      await withdrawModel(tx, actor, id);
      return readModel(tx, actor.projectId, id);
    });
  }
}
