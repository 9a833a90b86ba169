import { Body, Controller, Delete, Get, Post, Query } from '@nestjs/common';
import {
  type Actor,
  modelDetail,
  modelList,
  modelQuery,
  type ModelQuery,
  wantServer,
  type WantServer,
} from '@qingnang/contracts';
import { ModelServerService, ModelService } from '@qingnang/runs';
import { Can, CurrentActor } from '../http/access.decorators.js';
import { NotAudited, SafeToRepeat } from '../http/act.decorators.js';
import { ApiResult, IdParam } from '../http/result.decorators.js';

@Controller('projects/:project/models')
export class ModelsController {
  constructor(
    private readonly models: ModelService,
    private readonly servers: ModelServerService,
  ) {}

  @Get()
  @Can('models', 'read')
  @ApiResult(modelList)
  list(@CurrentActor() actor: Actor, @Query({ schema: modelQuery }) query: ModelQuery) {
    return this.models.list(actor, query);
  }

  @Get(':id')
  @Can('models', 'read')
  @ApiResult(modelDetail)
  get(@CurrentActor() actor: Actor, @IdParam() id: string) {
    return this.models.get(actor, id);
  }

  /** Out of use, with every model trained from it. */
  @Post(':id/withdraw')
  @Can('models', 'delete')
  @ApiResult(modelDetail)
  withdraw(@CurrentActor() actor: Actor, @IdParam() id: string) {
    return this.models.withdraw(actor, id);
  }

  /** Starts the model's server, or keeps the one there is alive for longer. */
  @Post(':id/server')
  @Can('models', 'run')
  @NotAudited('a sign of life; the start of a server writes its own entry')
  @SafeToRepeat()
  @ApiResult(modelDetail, 202)
  wantServer(
    @CurrentActor() actor: Actor,
    @IdParam() id: string,
    @Body({ schema: wantServer }) { minutes }: WantServer,
  ) {
    return this.servers.want(actor, id, minutes);
  }

  @Delete(':id/server')
  @Can('models', 'run')
  @ApiResult(modelDetail, 202)
  unwantServer(@CurrentActor() actor: Actor, @IdParam() id: string) {
    return this.servers.unwant(actor, id);
  }
}
