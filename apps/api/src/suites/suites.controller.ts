import { Body, Controller, Get, Post, Query } from '@nestjs/common';
import {
  type Actor,
  createSuite,
  type CreateSuite,
  suiteItemList,
  suiteItemQuery,
  type SuiteItemQuery,
  suiteList,
  suiteQuery,
  type SuiteQuery,
  suiteView,
} from '@qingnang/contracts';
import { SuiteService } from '@qingnang/suites';
import { Can, CurrentActor } from '../http/access.decorators.js';
import { ApiResult, IdParam } from '../http/result.decorators.js';
import { SuitesDesk } from './suites.desk.js';

@Controller('projects/:project/suites')
export class SuitesController {
  constructor(
    private readonly suites: SuiteService,
    private readonly desk: SuitesDesk,
  ) {}

  @Get()
  @Can('suites', 'read')
  @ApiResult(suiteList)
  list(@CurrentActor() actor: Actor, @Query({ schema: suiteQuery }) query: SuiteQuery) {
    return this.suites.list(actor, query);
  }

  @Post()
  @Can('suites', 'create')
  @ApiResult(suiteView, 201)
  create(@CurrentActor() actor: Actor, @Body({ schema: createSuite }) body: CreateSuite) {
    return this.desk.create(actor, body);
  }

  @Get(':id')
  @Can('suites', 'read')
  @ApiResult(suiteView)
  get(@CurrentActor() actor: Actor, @IdParam() id: string) {
    return this.suites.get(actor, id);
  }

  @Get(':id/items')
  @Can('suites', 'read')
  @ApiResult(suiteItemList)
  items(@CurrentActor() actor: Actor, @IdParam() id: string, @Query({ schema: suiteItemQuery }) query: SuiteItemQuery) {
    return this.suites.items(actor, id, query);
  }

  @Post(':id/freeze')
  @Can('suites', 'update')
  @ApiResult(suiteView)
  freeze(@CurrentActor() actor: Actor, @IdParam() id: string) {
    return this.suites.freeze(actor, id);
  }
}
