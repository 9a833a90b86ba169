import { Body, Controller, Get, Post, Query } from '@nestjs/common';
import {
  type Actor,
  createEvaluation,
  type CreateEvaluation,
  evaluationItemList,
  evaluationItemQuery,
  type EvaluationItemQuery,
  evaluationList,
  evaluationQuery,
  type EvaluationQuery,
  evaluationView,
} from '@qingnang/contracts';
import { EvaluationService } from '@qingnang/evaluation';
import { Can, CurrentActor } from '../http/access.decorators.js';
import { ApiResult, IdParam } from '../http/result.decorators.js';

@Controller('projects/:project/evaluations')
export class EvaluationsController {
  constructor(private readonly evaluations: EvaluationService) {}

  @Get()
  @Can('evaluations', 'read')
  @ApiResult(evaluationList)
  list(@CurrentActor() actor: Actor, @Query({ schema: evaluationQuery }) query: EvaluationQuery) {
    return this.evaluations.list(actor, query);
  }

  @Post()
  @Can('evaluations', 'run')
  @ApiResult(evaluationView, 202)
  create(@CurrentActor() actor: Actor, @Body({ schema: createEvaluation }) body: CreateEvaluation) {
    return this.evaluations.create(actor, body);
  }

  @Get(':id')
  @Can('evaluations', 'read')
  @ApiResult(evaluationView)
  get(@CurrentActor() actor: Actor, @IdParam() id: string) {
    return this.evaluations.get(actor, id);
  }

  @Post(':id/cancel')
  @Can('evaluations', 'run')
  @ApiResult(evaluationView)
  cancel(@CurrentActor() actor: Actor, @IdParam() id: string) {
    return this.evaluations.cancel(actor, id);
  }

  @Post(':id/doctors/finish')
  @Can('evaluations', 'run')
  @ApiResult(evaluationView)
  finishDoctors(@CurrentActor() actor: Actor, @IdParam() id: string) {
    return this.evaluations.finishDoctors(actor, id);
  }

  @Post(':id/doctors/ask')
  @Can('evaluations', 'run')
  @ApiResult(evaluationView)
  askDoctorsAgain(@CurrentActor() actor: Actor, @IdParam() id: string) {
    return this.evaluations.askDoctorsAgain(actor, id);
  }

  @Get(':id/items')
  @Can('evaluations', 'read')
  @ApiResult(evaluationItemList)
  items(
    @CurrentActor() actor: Actor,
    @IdParam() id: string,
    @Query({ schema: evaluationItemQuery }) query: EvaluationItemQuery,
  ) {
    return this.evaluations.items(actor, id, query);
  }
}
