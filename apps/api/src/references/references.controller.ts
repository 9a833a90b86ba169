import { Controller, Get, Query } from '@nestjs/common';
import { type Actor, referenceList, referenceQuery, type ReferenceQuery, referenceView } from '@qingnang/contracts';
import { ReferenceService } from '@qingnang/preference';
import { Can, CurrentActor } from '../http/access.decorators.js';
import { ApiResult, IdParam } from '../http/result.decorators.js';

@Controller('projects/:project/references')
export class ReferencesController {
  constructor(private readonly references: ReferenceService) {}

  @Get()
  @Can('references', 'read')
  @ApiResult(referenceList)
  list(@CurrentActor() actor: Actor, @Query({ schema: referenceQuery }) query: ReferenceQuery) {
    return this.references.list(actor, query);
  }

  @Get(':id')
  @Can('references', 'read')
  @ApiResult(referenceView)
  get(@CurrentActor() actor: Actor, @IdParam() id: string) {
    return this.references.get(actor, id);
  }
}
