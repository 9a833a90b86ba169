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
  keptRecordList,
  keptRecordQuery,
  type KeptRecordQuery,
} from '@qingnang/contracts';
import { ImportService, ImportUndoService } from '@qingnang/corpus';
import { Can, CurrentActor } from '../http/access.decorators.js';
import { ApiResult, IdParam } from '../http/result.decorators.js';

@Controller('projects/:project/imports')
export class ImportsController {
  constructor(
    private readonly imports: ImportService,
    private readonly undos: ImportUndoService,
  ) {}

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

  @Post(':id/undo')
  @Can('imports', 'delete')
  @ApiResult(importJob, 202)
  undo(@CurrentActor() actor: Actor, @IdParam() id: string) {
    return this.undos.undo(actor, id);
  }

  @Get(':id/kept')
  @Can('imports', 'read')
  @ApiResult(keptRecordList)
  kept(
    @CurrentActor() actor: Actor,
    @IdParam() id: string,
    @Query({ schema: keptRecordQuery }) query: KeptRecordQuery,
  ) {
    return this.undos.kept(actor, id, query);
  }

  @Get(':id/rows')
  @Can('imports', 'read')
  @ApiResult(importRowList)
  rows(@CurrentActor() actor: Actor, @IdParam() id: string, @Query({ schema: importRowQuery }) query: ImportRowQuery) {
    return this.imports.rows(actor, id, query);
  }
}
