import { Controller, Get, Query } from '@nestjs/common';
import { AuditService } from '@qingnang/audit';
import {
  type Actor,
  type AuditEntry,
  auditEntryList,
  auditEntryQuery,
  auditFacets,
  type AuditFacets,
  type AuditEntryQuery,
  type ListReply,
} from '@qingnang/contracts';
import { Can, CurrentActor } from '../http/access.decorators.js';
import { ApiResult } from '../http/result.decorators.js';

@Controller('projects/:project/audit-entries')
export class AuditEntriesController {
  constructor(private readonly audit: AuditService) {}

  @Get()
  @Can('audit-entries', 'read')
  @ApiResult(auditEntryList)
  list(
    @CurrentActor() actor: Actor,
    @Query({ schema: auditEntryQuery }) query: AuditEntryQuery,
  ): Promise<ListReply<AuditEntry>> {
    return this.audit.list(actor, query);
  }

  @Get('facets')
  @Can('audit-entries', 'read')
  @ApiResult(auditFacets)
  facets(@CurrentActor() actor: Actor): Promise<AuditFacets> {
    return this.audit.facets(actor);
  }
}
