import { Body, Controller, Get, Patch, Post, Query } from '@nestjs/common';
import {
  type Actor,
  createSource,
  type CreateSource,
  source,
  sourceList,
  sourceQuery,
  type SourceQuery,
  updateSource,
  type UpdateSource,
} from '@qingnang/contracts';
import { SourceService } from '@qingnang/corpus';
import { Can, CurrentActor } from '../http/access.decorators.js';
import { ApiResult, IdParam } from '../http/result.decorators.js';
import { RevisionMatch } from '../http/revision-match.js';

@Controller('projects/:project/sources')
export class SourcesController {
  constructor(private readonly sources: SourceService) {}

  @Get()
  @Can('sources', 'read')
  @ApiResult(sourceList)
  list(@CurrentActor() actor: Actor, @Query({ schema: sourceQuery }) query: SourceQuery) {
    return this.sources.list(actor, query);
  }

  @Get(':id')
  @Can('sources', 'read')
  @ApiResult(source)
  get(@CurrentActor() actor: Actor, @IdParam() id: string) {
    return this.sources.get(actor, id);
  }

  @Post()
  @Can('sources', 'create')
  @ApiResult(source, 201)
  create(@CurrentActor() actor: Actor, @Body({ schema: createSource }) body: CreateSource) {
    return this.sources.create(actor, body);
  }

  @Patch(':id')
  @Can('sources', 'update')
  @ApiResult(source)
  update(
    @CurrentActor() actor: Actor,
    @IdParam() id: string,
    @RevisionMatch() revision: number,
    @Body({ schema: updateSource }) body: UpdateSource,
  ) {
    return this.sources.update(actor, id, revision, body);
  }
}
