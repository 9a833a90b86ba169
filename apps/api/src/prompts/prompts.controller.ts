import { Body, Controller, Get, Post, Query } from '@nestjs/common';
import {
  type Actor,
  madePrompts,
  makePrompts,
  type MakePrompts,
  promptDetail,
  promptList,
  promptQuery,
  type PromptQuery,
} from '@qingnang/contracts';
import { PromptService } from '@qingnang/preference';
import { Can, CurrentActor } from '../http/access.decorators.js';
import { SafeToRepeat } from '../http/act.decorators.js';
import { ApiResult, IdParam } from '../http/result.decorators.js';

@Controller('projects/:project/prompts')
export class PromptsController {
  constructor(private readonly prompts: PromptService) {}

  @Get()
  @Can('prompts', 'read')
  @ApiResult(promptList)
  list(@CurrentActor() actor: Actor, @Query({ schema: promptQuery }) query: PromptQuery) {
    return this.prompts.list(actor, query);
  }

  @Post()
  @Can('prompts', 'create')
  @SafeToRepeat()
  @ApiResult(madePrompts, 201)
  make(@CurrentActor() actor: Actor, @Body({ schema: makePrompts }) body: MakePrompts) {
    return this.prompts.make(actor, body);
  }

  @Get(':id')
  @Can('prompts', 'read')
  @ApiResult(promptDetail)
  get(@CurrentActor() actor: Actor, @IdParam() id: string) {
    return this.prompts.get(actor, id);
  }
}
