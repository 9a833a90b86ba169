import { Body, Controller, Get, Post, Query } from '@nestjs/common';
import {
  type Actor,
  bulkItemList,
  bulkItemQuery,
  type BulkItemQuery,
  bulkJob,
  bulkJobList,
  bulkJobQuery,
  type BulkJobQuery,
  createBulkJob,
  type CreateBulkJob,
} from '@qingnang/contracts';
import { BulkJobService } from '@qingnang/corpus';
import { Can, CurrentActor } from '../http/access.decorators.js';
import { ApiResult, IdParam } from '../http/result.decorators.js';

@Controller('projects/:project/bulk-jobs')
export class BulkJobsController {
  constructor(private readonly jobs: BulkJobService) {}

  @Get()
  @Can('bulk-jobs', 'read')
  @ApiResult(bulkJobList)
  list(@CurrentActor() actor: Actor, @Query({ schema: bulkJobQuery }) query: BulkJobQuery) {
    return this.jobs.list(actor, query);
  }

  @Get(':id')
  @Can('bulk-jobs', 'read')
  @ApiResult(bulkJob)
  get(@CurrentActor() actor: Actor, @IdParam() id: string) {
    return this.jobs.get(actor, id);
  }

  @Get(':id/items')
  @Can('bulk-jobs', 'read')
  @ApiResult(bulkItemList)
  items(@CurrentActor() actor: Actor, @IdParam() id: string, @Query({ schema: bulkItemQuery }) query: BulkItemQuery) {
    return this.jobs.items(actor, id, query);
  }

  @Post()
  @Can('bulk-jobs', 'create')
  @ApiResult(bulkJob, 202)
  create(@CurrentActor() actor: Actor, @Body({ schema: createBulkJob }) body: CreateBulkJob) {
    return this.jobs.create(actor, body);
  }

  @Post(':id/cancel')
  @Can('bulk-jobs', 'run')
  @ApiResult(bulkJob)
  cancel(@CurrentActor() actor: Actor, @IdParam() id: string) {
    return this.jobs.cancel(actor, id);
  }

  @Post(':id/resume')
  @Can('bulk-jobs', 'run')
  @ApiResult(bulkJob, 202)
  resume(@CurrentActor() actor: Actor, @IdParam() id: string) {
    return this.jobs.resume(actor, id);
  }

  @Post(':id/undo')
  @Can('bulk-jobs', 'delete')
  @ApiResult(bulkJob, 202)
  undo(@CurrentActor() actor: Actor, @IdParam() id: string) {
    return this.jobs.undo(actor, id);
  }
}
