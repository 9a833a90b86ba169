import { Body, Controller, Get, HttpStatus, Patch, Post, Query, Res } from '@nestjs/common';
import {
  type Actor,
  createTaskSet,
  type CreateTaskSet,
  taskSet,
  taskSetAlarms,
  taskSetList,
  taskSetPeople,
  taskSetQuery,
  type TaskSetQuery,
  updateTaskSet,
  type UpdateTaskSet,
} from '@qingnang/contracts';
import { TaskSetMaker } from '@qingnang/preference';
import { AnswerService, TaskSetService } from '@qingnang/review';
import type { Response } from 'express';
import { Can, CurrentActor } from '../http/access.decorators.js';
import { ApiResult, IdParam } from '../http/result.decorators.js';
import { RevisionMatch } from '../http/revision-match.js';
import { TaskSetsDesk } from './task-sets.desk.js';

@Controller('projects/:project/task-sets')
export class TaskSetsController {
  constructor(
    private readonly sets: TaskSetService,
    private readonly maker: TaskSetMaker,
    private readonly desk: TaskSetsDesk,
    private readonly answers: AnswerService,
  ) {}

  @Get()
  @Can('task-sets', 'read')
  @ApiResult(taskSetList)
  list(@CurrentActor() actor: Actor, @Query({ schema: taskSetQuery }) query: TaskSetQuery) {
    return this.sets.list(actor, query);
  }

  @Get(':id')
  @Can('task-sets', 'read')
  @ApiResult(taskSet)
  get(@CurrentActor() actor: Actor, @IdParam() id: string) {
    return this.sets.get(actor, id);
  }

  @Get(':id/people')
  @Can('task-sets', 'read')
  @ApiResult(taskSetPeople)
  async people(@CurrentActor() actor: Actor, @IdParam() id: string) {
    return { items: await this.answers.people(actor, id) };
  }

  @Get(':id/alarms')
  @Can('task-sets', 'read')
  @ApiResult(taskSetAlarms)
  async alarms(@CurrentActor() actor: Actor, @IdParam() id: string) {
    return { items: await this.sets.alarms(actor, id) };
  }

  @Post()
  @Can('task-sets', 'create')
  @ApiResult(taskSet, 201, 'With status 202 where a job fills it')
  async create(
    @CurrentActor() actor: Actor,
    @Body({ schema: createTaskSet }) body: CreateTaskSet,
    @Res({ passthrough: true }) response: Response,
  ) {
    const set = await this.maker.create(actor, body);
    if (set.making) response.status(HttpStatus.ACCEPTED);
    return set;
  }

  @Patch(':id')
  @Can('task-sets', 'update')
  @ApiResult(taskSet)
  update(
    @CurrentActor() actor: Actor,
    @IdParam() id: string,
    @RevisionMatch() revision: number,
    @Body({ schema: updateTaskSet }) body: UpdateTaskSet,
  ) {
    return this.desk.update(actor, id, revision, body);
  }
}
