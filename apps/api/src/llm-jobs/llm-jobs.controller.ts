import { Body, Controller, Get, Patch, Post, Query } from '@nestjs/common';
import {
  type Actor,
  llmEstimate,
  llmItemDetail,
  llmItemList,
  llmItemQuery,
  type LlmItemQuery,
  llmJobDetail,
  llmJobList,
  llmJobQuery,
  type LlmJobQuery,
  newLlmJobBody,
  type NewLlmJobBody,
  updateLlmJob,
  type UpdateLlmJob,
} from '@qingnang/contracts';
import { Can, CurrentActor } from '../http/access.decorators.js';
import { NotAudited, SafeToRepeat } from '../http/act.decorators.js';
import { ApiResult, IdParam } from '../http/result.decorators.js';
import { RevisionMatch } from '../http/revision-match.js';
import { LlmJobsDesk } from './llm-jobs.desk.js';

@Controller('projects/:project/llm-jobs')
export class LlmJobsController {
  constructor(private readonly jobs: LlmJobsDesk) {}

  @Get()
  @Can('llm-jobs', 'read')
  @ApiResult(llmJobList)
  list(@CurrentActor() actor: Actor, @Query({ schema: llmJobQuery }) query: LlmJobQuery) {
    return this.jobs.list(actor, query);
  }

  @Post('estimate')
  @Can('llm-jobs', 'create')
  @NotAudited('a question asked by POST; nothing is made')
  @SafeToRepeat()
  @ApiResult(llmEstimate)
  estimate(@CurrentActor() actor: Actor, @Body({ schema: newLlmJobBody }) body: NewLlmJobBody) {
    return this.jobs.estimate(actor, body);
  }

  @Post()
  @Can('llm-jobs', 'create')
  @ApiResult(llmJobDetail, 201)
  create(@CurrentActor() actor: Actor, @Body({ schema: newLlmJobBody }) body: NewLlmJobBody) {
    return this.jobs.create(actor, body);
  }

  @Get(':id')
  @Can('llm-jobs', 'read')
  @ApiResult(llmJobDetail)
  get(@CurrentActor() actor: Actor, @IdParam() id: string) {
    return this.jobs.get(actor, id);
  }

  @Patch(':id')
  @Can('llm-jobs', 'update')
  @ApiResult(llmJobDetail)
  update(
    @CurrentActor() actor: Actor,
    @IdParam() id: string,
    @RevisionMatch() revision: number,
    @Body({ schema: updateLlmJob }) body: UpdateLlmJob,
  ) {
    return this.jobs.update(actor, id, revision, body);
  }

  @Post(':id/start')
  @Can('llm-jobs', 'run')
  @ApiResult(llmJobDetail, 202)
  start(@CurrentActor() actor: Actor, @IdParam() id: string) {
    return this.jobs.step(actor, id, 'start');
  }

  @Post(':id/pause')
  @Can('llm-jobs', 'run')
  @ApiResult(llmJobDetail)
  pause(@CurrentActor() actor: Actor, @IdParam() id: string) {
    return this.jobs.step(actor, id, 'pause');
  }

  @Post(':id/resume')
  @Can('llm-jobs', 'run')
  @ApiResult(llmJobDetail, 202)
  resume(@CurrentActor() actor: Actor, @IdParam() id: string) {
    return this.jobs.step(actor, id, 'resume');
  }

  @Post(':id/cancel')
  @Can('llm-jobs', 'run')
  @ApiResult(llmJobDetail)
  cancel(@CurrentActor() actor: Actor, @IdParam() id: string) {
    return this.jobs.step(actor, id, 'cancel');
  }

  @Post(':id/retry')
  @Can('llm-jobs', 'run')
  @ApiResult(llmJobDetail, 202)
  retry(@CurrentActor() actor: Actor, @IdParam() id: string) {
    return this.jobs.step(actor, id, 'retryFailed');
  }

  @Get(':id/items')
  @Can('llm-jobs', 'read')
  @ApiResult(llmItemList)
  items(@CurrentActor() actor: Actor, @IdParam() id: string, @Query({ schema: llmItemQuery }) query: LlmItemQuery) {
    return this.jobs.items(actor, id, query);
  }

  @Get(':id/items/:item')
  @Can('llm-jobs', 'read')
  @ApiResult(llmItemDetail)
  item(@CurrentActor() actor: Actor, @IdParam() id: string, @IdParam('item') item: string) {
    return this.jobs.item(actor, id, item);
  }
}
