import { Body, Controller, Get, Post, Query } from '@nestjs/common';
import {
  type Actor,
  createSnapshot,
  type CreateSnapshot,
  snapshotDetail,
  snapshotLeftOutList,
  snapshotLeftOutQuery,
  type SnapshotLeftOutQuery,
  snapshotList,
  snapshotPreview,
  snapshotPreviewRequest,
  type SnapshotPreviewRequest,
  snapshotQuery,
  type SnapshotQuery,
} from '@qingnang/contracts';
import { SnapshotService } from '@qingnang/snapshot';
import { Can, CurrentActor } from '../http/access.decorators.js';
import { NotAudited, SafeToRepeat } from '../http/act.decorators.js';
import { ApiResult, IdParam } from '../http/result.decorators.js';

@Controller('projects/:project/snapshots')
export class SnapshotsController {
  constructor(private readonly snapshots: SnapshotService) {}

  @Get()
  @Can('snapshots', 'read')
  @ApiResult(snapshotList)
  list(@CurrentActor() actor: Actor, @Query({ schema: snapshotQuery }) query: SnapshotQuery) {
    return this.snapshots.list(actor, query);
  }

  @Post('preview')
  @Can('snapshots', 'read')
  @SafeToRepeat()
  @NotAudited('counts what a freeze would take; writes nothing')
  @ApiResult(snapshotPreview)
  preview(@CurrentActor() actor: Actor, @Body({ schema: snapshotPreviewRequest }) body: SnapshotPreviewRequest) {
    return this.snapshots.preview(actor, body);
  }

  @Get(':id')
  @Can('snapshots', 'read')
  @ApiResult(snapshotDetail)
  get(@CurrentActor() actor: Actor, @IdParam() id: string) {
    return this.snapshots.get(actor, id);
  }

  @Get(':id/left-out')
  @Can('snapshots', 'read')
  @ApiResult(snapshotLeftOutList)
  leftOut(
    @CurrentActor() actor: Actor,
    @IdParam() id: string,
    @Query({ schema: snapshotLeftOutQuery }) query: SnapshotLeftOutQuery,
  ) {
    return this.snapshots.leftOut(actor, id, query);
  }

  @Post()
  @Can('snapshots', 'create')
  @ApiResult(snapshotDetail, 202)
  create(@CurrentActor() actor: Actor, @Body({ schema: createSnapshot }) body: CreateSnapshot) {
    return this.snapshots.create(actor, body);
  }

  @Post(':id/withdraw')
  @Can('snapshots', 'delete')
  @ApiResult(snapshotDetail)
  withdraw(@CurrentActor() actor: Actor, @IdParam() id: string) {
    return this.snapshots.withdraw(actor, id);
  }
}
