import { Body, Controller, Get, Post, Query } from '@nestjs/common';
import {
  type Actor,
  createPromptTemplate,
  type CreatePromptTemplate,
  createPromptVersion,
  type CreatePromptVersion,
  promptTemplateDetail,
  promptTemplateList,
  promptTemplateQuery,
  type PromptTemplateQuery,
  promptVersionView,
} from '@qingnang/contracts';
import { Can, CurrentActor } from '../http/access.decorators.js';
import { ApiResult, IdParam } from '../http/result.decorators.js';
import { PromptTemplatesDesk } from './prompt-templates.desk.js';

@Controller('projects/:project/prompt-templates')
export class PromptTemplatesController {
  constructor(private readonly templates: PromptTemplatesDesk) {}

  @Get()
  @Can('prompt-templates', 'read')
  @ApiResult(promptTemplateList)
  list(@CurrentActor() actor: Actor, @Query({ schema: promptTemplateQuery }) query: PromptTemplateQuery) {
    return this.templates.list(actor, query);
  }

  @Get(':id')
  @Can('prompt-templates', 'read')
  @ApiResult(promptTemplateDetail)
  get(@CurrentActor() actor: Actor, @IdParam() id: string) {
    return this.templates.get(actor, id);
  }

  @Post()
  @Can('prompt-templates', 'create')
  @ApiResult(promptTemplateDetail, 201)
  create(@CurrentActor() actor: Actor, @Body({ schema: createPromptTemplate }) body: CreatePromptTemplate) {
    return this.templates.create(actor, body);
  }

  @Post(':id/versions')
  @Can('prompt-templates', 'update')
  @ApiResult(promptVersionView, 201)
  addVersion(
    @CurrentActor() actor: Actor,
    @IdParam() id: string,
    @Body({ schema: createPromptVersion }) body: CreatePromptVersion,
  ) {
    return this.templates.addVersion(actor, id, body);
  }
}
