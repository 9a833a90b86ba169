import { Body, Controller, Get, Put, Query } from '@nestjs/common';
import {
  type Actor,
  changeRecordState,
  type ChangeRecordState,
  recordDetail,
  recordFacets,
  recordList,
  recordQuery,
  type RecordQuery,
} from '@qingnang/contracts';
import { RecordService } from '@qingnang/corpus';
import { Can, CurrentActor } from '../http/access.decorators.js';
import { ApiResult, IdParam } from '../http/result.decorators.js';

@Controller('projects/:project/records')
export class RecordsController {
  constructor(private readonly records: RecordService) {}

  @Get()
  @Can('records', 'read')
  @ApiResult(recordList)
  list(@CurrentActor() actor: Actor, @Query({ schema: recordQuery }) query: RecordQuery) {
    return this.records.list(actor, query);
  }

  @Get('facets')
  @Can('records', 'read')
  @ApiResult(recordFacets)
  facets(@CurrentActor() actor: Actor) {
    return this.records.facets(actor);
  }

  @Get(':id')
  @Can('records', 'read')
  @ApiResult(recordDetail)
  get(@CurrentActor() actor: Actor, @IdParam() id: string) {
    return this.records.get(actor, id);
  }

  @Put(':id/state')
  @Can('records', 'update')
  @ApiResult(recordDetail)
  changeState(
    @CurrentActor() actor: Actor,
    @IdParam() id: string,
    @Body({ schema: changeRecordState }) body: ChangeRecordState,
  ) {
    return this.records.changeState(actor, id, body);
  }
}
