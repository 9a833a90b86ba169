import { Body, Controller, Delete, Get, Patch, Post, Query } from '@nestjs/common';
import {
  type Actor,
  createSchedule,
  type CreateSchedule,
  scheduleDetail,
  scheduleList,
  schedulePreview,
  schedulePreviewQuery,
  type SchedulePreviewQuery,
  scheduleQuery,
  type ScheduleQuery,
  updateSchedule,
  type UpdateSchedule,
} from '@qingnang/contracts';
import { ScheduleService } from '@qingnang/runs';
import { Can, CurrentActor } from '../http/access.decorators.js';
import { NotAudited, SafeToRepeat } from '../http/act.decorators.js';
import { ApiResult, IdParam, NoContent } from '../http/result.decorators.js';
import { RevisionMatch } from '../http/revision-match.js';

@Controller('projects/:project/schedules')
export class SchedulesController {
  constructor(private readonly schedules: ScheduleService) {}

  @Get()
  @Can('schedules', 'read')
  @ApiResult(scheduleList)
  list(@CurrentActor() actor: Actor, @Query({ schema: scheduleQuery }) query: ScheduleQuery) {
    return this.schedules.list(actor, query);
  }

  /** The next times of a pattern, for forms. */
  @Get('preview')
  @Can('schedules', 'read')
  @ApiResult(schedulePreview)
  preview(@Query({ schema: schedulePreviewQuery }) query: SchedulePreviewQuery) {
    return this.schedules.preview(query);
  }

  @Post()
  @Can('schedules', 'create')
  @ApiResult(scheduleDetail, 201)
  create(@CurrentActor() actor: Actor, @Body({ schema: createSchedule }) body: CreateSchedule) {
    return this.schedules.create(actor, body);
  }

  @Get(':id')
  @Can('schedules', 'read')
  @ApiResult(scheduleDetail)
  get(@CurrentActor() actor: Actor, @IdParam() id: string) {
    return this.schedules.get(actor, id);
  }

  @Patch(':id')
  @Can('schedules', 'update')
  @ApiResult(scheduleDetail)
  update(
    @CurrentActor() actor: Actor,
    @IdParam() id: string,
    @RevisionMatch() revision: number,
    @Body({ schema: updateSchedule }) body: UpdateSchedule,
  ) {
    return this.schedules.update(actor, id, revision, body);
  }

  @Post(':id/pause')
  @Can('schedules', 'run')
  @ApiResult(scheduleDetail)
  pause(@CurrentActor() actor: Actor, @IdParam() id: string) {
    return this.schedules.pause(actor, id);
  }

  @Post(':id/resume')
  @Can('schedules', 'run')
  @ApiResult(scheduleDetail)
  resume(@CurrentActor() actor: Actor, @IdParam() id: string) {
    return this.schedules.resume(actor, id);
  }

  @Post(':id/run-now')
  @Can('schedules', 'run')
  @ApiResult(scheduleDetail, 202)
  runNow(@CurrentActor() actor: Actor, @IdParam() id: string) {
    return this.schedules.runNow(actor, id);
  }

  @Post(':id/seen')
  @Can('schedules', 'read')
  @NotAudited('the reader’s own notice is put away')
  @SafeToRepeat()
  @NoContent()
  seen(@CurrentActor() actor: Actor, @IdParam() id: string) {
    return this.schedules.markSeen(actor, id);
  }

  @Delete(':id')
  @Can('schedules', 'delete')
  @NoContent()
  delete(@CurrentActor() actor: Actor, @IdParam() id: string) {
    return this.schedules.delete(actor, id);
  }
}
