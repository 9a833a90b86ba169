import { Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import {
  type Actor,
  adjudicationList,
  adjudicationQuery,
  type AdjudicationQuery,
  adjudicationView,
} from '@qingnang/contracts';
import { AdjudicationService } from '@qingnang/review';
import { Can, CurrentActor } from '../http/access.decorators.js';
import { ApiResult, IdParam } from '../http/result.decorators.js';

/** What answers differ about, and what annotators ask: for those who decide, and for doctors what was handed to them. */
@Controller('projects/:project/adjudications')
export class AdjudicationsController {
  constructor(private readonly adjudications: AdjudicationService) {}

  @Get()
  @Can('adjudications', 'read')
  @ApiResult(adjudicationList)
  list(@CurrentActor() actor: Actor, @Query({ schema: adjudicationQuery }) query: AdjudicationQuery) {
    return this.adjudications.list(actor, query);
  }

  @Get(':id')
  @Can('adjudications', 'read')
  @ApiResult(adjudicationView)
  get(@CurrentActor() actor: Actor, @IdParam() id: string) {
    return this.adjudications.get(actor, id);
  }

  /** Back from the doctors to those who lead. */
  @Post(':id/recall')
  @Can('adjudications', 'update')
  @HttpCode(200)
  @ApiResult(adjudicationView)
  recall(@CurrentActor() actor: Actor, @IdParam() id: string) {
    return this.adjudications.recall(actor, id);
  }
}
