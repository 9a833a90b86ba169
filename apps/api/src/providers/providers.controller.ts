import { Body, Controller, Get, Patch, Post, Put, Query } from '@nestjs/common';
import {
  type Actor,
  createProvider,
  type CreateProvider,
  declareInside,
  type DeclareInside,
  providerList,
  providerQuery,
  type ProviderQuery,
  providerView,
  updateProvider,
  type UpdateProvider,
} from '@qingnang/contracts';
import { Can, CurrentActor } from '../http/access.decorators.js';
import { ApiResult, IdParam } from '../http/result.decorators.js';
import { RevisionMatch } from '../http/revision-match.js';
import { ProvidersDesk } from './providers.desk.js';

@Controller('projects/:project/providers')
export class ProvidersController {
  constructor(private readonly providers: ProvidersDesk) {}

  @Get()
  @Can('providers', 'read')
  @ApiResult(providerList)
  list(@CurrentActor() actor: Actor, @Query({ schema: providerQuery }) query: ProviderQuery) {
    return this.providers.list(actor, query);
  }

  @Get(':id')
  @Can('providers', 'read')
  @ApiResult(providerView)
  get(@CurrentActor() actor: Actor, @IdParam() id: string) {
    return this.providers.get(actor, id);
  }

  @Post()
  @Can('providers', 'create')
  @ApiResult(providerView, 201)
  create(@CurrentActor() actor: Actor, @Body({ schema: createProvider }) body: CreateProvider) {
    return this.providers.create(actor, body);
  }

  @Patch(':id')
  @Can('providers', 'update')
  @ApiResult(providerView)
  update(
    @CurrentActor() actor: Actor,
    @IdParam() id: string,
    @RevisionMatch() revision: number,
    @Body({ schema: updateProvider }) body: UpdateProvider,
  ) {
    return this.providers.update(actor, id, revision, body);
  }

  @Put(':id/inside')
  @Can('providers', 'update')
  @ApiResult(providerView)
  declareInside(
    @CurrentActor() actor: Actor,
    @IdParam() id: string,
    @RevisionMatch() revision: number,
    @Body({ schema: declareInside }) body: DeclareInside,
  ) {
    return this.providers.declareInside(actor, id, revision, body);
  }
}
