import { Body, Controller, Get, Post, Query } from '@nestjs/common';
import {
  type Actor,
  candidateList,
  candidateQuery,
  type CandidateQuery,
  candidateView,
  createCandidateJob,
  type CreateCandidateJob,
  startedJob,
} from '@qingnang/contracts';
import { JudgementService, PreferenceJobService } from '@qingnang/preference';
import { Can, CurrentActor } from '../http/access.decorators.js';
import { ApiResult, IdParam } from '../http/result.decorators.js';

@Controller('projects/:project/candidates')
export class CandidatesController {
  constructor(
    private readonly judgements: JudgementService,
    private readonly jobs: PreferenceJobService,
  ) {}

  @Get()
  @Can('candidates', 'read')
  @ApiResult(candidateList)
  list(@CurrentActor() actor: Actor, @Query({ schema: candidateQuery }) query: CandidateQuery) {
    return this.judgements.listCandidates(actor, query);
  }

  @Post('jobs')
  @Can('candidates', 'create')
  @ApiResult(startedJob, 201, 'Estimated; start it as any model job.')
  createJob(@CurrentActor() actor: Actor, @Body({ schema: createCandidateJob }) body: CreateCandidateJob) {
    return this.jobs.createCandidateJob(actor, body);
  }

  @Get(':id')
  @Can('candidates', 'read')
  @ApiResult(candidateView)
  get(@CurrentActor() actor: Actor, @IdParam() id: string) {
    return this.judgements.getCandidate(actor, id);
  }
}
