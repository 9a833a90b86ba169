import { Body, Controller, Get, Post, Query } from '@nestjs/common';
import {
  type Actor,
  calibration,
  createJudgeJob,
  type CreateJudgeJob,
  judgementList,
  judgementQuery,
  type JudgementQuery,
  judgementView,
  rubricList,
  startedJob,
} from '@qingnang/contracts';
import { JudgementService, PreferenceJobService } from '@qingnang/preference';
import { Can, CurrentActor } from '../http/access.decorators.js';
import { ApiResult, IdParam } from '../http/result.decorators.js';

@Controller('projects/:project/judgements')
export class JudgementsController {
  constructor(
    private readonly judgements: JudgementService,
    private readonly jobs: PreferenceJobService,
  ) {}

  @Get()
  @Can('judgements', 'read')
  @ApiResult(judgementList)
  list(@CurrentActor() actor: Actor, @Query({ schema: judgementQuery }) query: JudgementQuery) {
    return this.judgements.list(actor, query);
  }

  @Get('calibration')
  @Can('judgements', 'read')
  @ApiResult(calibration)
  calibration(@CurrentActor() actor: Actor) {
    return this.judgements.calibration(actor);
  }

  @Get('rubrics')
  @Can('judgements', 'read')
  @ApiResult(rubricList)
  async rubrics(@CurrentActor() actor: Actor) {
    return { items: await this.judgements.rubrics(actor) };
  }

  @Post('jobs')
  @Can('judgements', 'create')
  @ApiResult(startedJob, 201, 'Estimated; start it as any model job.')
  createJob(@CurrentActor() actor: Actor, @Body({ schema: createJudgeJob }) body: CreateJudgeJob) {
    return this.jobs.createJudgeJob(actor, body);
  }

  @Get(':id')
  @Can('judgements', 'read')
  @ApiResult(judgementView)
  get(@CurrentActor() actor: Actor, @IdParam() id: string) {
    return this.judgements.get(actor, id);
  }
}
