import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Actor, ListReply, ModelDetail, ModelQuery, ModelView } from '@qingnang/contracts';
import { listModels, readModel } from './model.views.js';

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
}
