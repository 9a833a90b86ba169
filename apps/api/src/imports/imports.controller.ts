import { Body, Controller, Get, Post, Query } from '@nestjs/common';
import {
  type Actor,
  createImport,
  type CreateImport,
  importJob,
  importList,
  importQuery,
  type ImportQuery,
  importRowList,
  importRowQuery,
  type ImportRowQuery,
} from '@qingnang/contracts';
import { ImportService } from '@qingnang/corpus';
import { Can, CurrentActor } from '../http/access.decorators.js';
import { ApiResult, IdParam } from '../http/result.decorators.js';

@Controller('projects/:project/imports')
export class ImportsController {
  constructor(private readonly imports: ImportService) {}

  @Get()
  @Can('imports', 'read')
  @ApiResult(importList)
  list(@CurrentActor() actor: Actor, @Query({ schema: importQuery }) query: ImportQuery) {
    return this.imports.list(actor, query);
  }

  @Get(':id')
  @Can('imports', 'read')
  @ApiResult(importJob)
  get(@CurrentActor() actor: Actor, @IdParam() id: string) {
    return this.imports.get(actor, id);
  }

  @Post()
  @Can('imports', 'create')
  @ApiResult(importJob, 202)
  create(@CurrentActor() actor: Actor, @Body({ schema: createImport }) body: CreateImport) {
    return this.imports.create(actor, body);
  }

  @Post(':id/cancel')
  @Can('imports', 'run')
  @ApiResult(importJob)
  cancel(@CurrentActor() actor: Actor, @IdParam() id: string) {
    return this.imports.cancel(actor, id);
  }

  @Get(':id/rows')
  @Can('imports', 'read')
  @ApiResult(importRowList)
  rows(@CurrentActor() actor: Actor, @IdParam() id: string, @Query({ schema: importRowQuery }) query: ImportRowQuery) {
    return this.imports.rows(actor, id, query);
  }
}
