import { Body, Controller, Get, Post, Query } from '@nestjs/common';
import {
  type Actor,
  applyApprovalRule,
  type ApplyApprovalRule,
  approvalRuleDetail,
  approvalRuleList,
  approvalRuleQuery,
  type ApprovalRuleQuery,
  approvalRuleSizes,
  type ApprovalRuleSizes,
  checkApprovalRule,
  type CheckApprovalRule,
  createApprovalRule,
  type CreateApprovalRule,
  proposedSizes,
  stopApprovalRule,
  type StopApprovalRule,
} from '@qingnang/contracts';
import { ApprovalRuleService } from '@qingnang/review';
import { Can, CurrentActor } from '../http/access.decorators.js';
import { NotAudited, SafeToRepeat } from '../http/act.decorators.js';
import { ApiResult, IdParam } from '../http/result.decorators.js';

@Controller('projects/:project/approval-rules')
export class ApprovalRulesController {
  constructor(private readonly rules: ApprovalRuleService) {}

  @Get()
  @Can('approval-rules', 'read')
  @ApiResult(approvalRuleList)
  list(@CurrentActor() actor: Actor, @Query({ schema: approvalRuleQuery }) query: ApprovalRuleQuery) {
    return this.rules.list(actor, query);
  }

  @Post('sizes')
  @Can('approval-rules', 'read')
  @SafeToRepeat()
  @NotAudited('counts what a rule would speak of; writes nothing')
  @ApiResult(proposedSizes)
  sizes(@CurrentActor() actor: Actor, @Body({ schema: approvalRuleSizes }) body: ApprovalRuleSizes) {
    return this.rules.sizes(actor, body);
  }

  @Get(':id')
  @Can('approval-rules', 'read')
  @ApiResult(approvalRuleDetail)
  get(@CurrentActor() actor: Actor, @IdParam() id: string) {
    return this.rules.get(actor, id);
  }

  @Post()
  @Can('approval-rules', 'create')
  @ApiResult(approvalRuleDetail, 202)
  create(@CurrentActor() actor: Actor, @Body({ schema: createApprovalRule }) body: CreateApprovalRule) {
    return this.rules.create(actor, body);
  }

  @Post(':id/approve')
  @Can('approval-rules', 'run')
  @ApiResult(approvalRuleDetail, 202)
  approve(
    @CurrentActor() actor: Actor,
    @IdParam() id: string,
    @Body({ schema: applyApprovalRule }) body: ApplyApprovalRule,
  ) {
    return this.rules.approve(actor, id, body);
  }

  @Post(':id/stop')
  @Can('approval-rules', 'run')
  @ApiResult(approvalRuleDetail)
  stop(
    @CurrentActor() actor: Actor,
    @IdParam() id: string,
    @Body({ schema: stopApprovalRule }) body: StopApprovalRule,
  ) {
    return this.rules.stop(actor, id, body);
  }

  @Post(':id/checks')
  @Can('approval-rules', 'create')
  @ApiResult(approvalRuleDetail, 201)
  check(
    @CurrentActor() actor: Actor,
    @IdParam() id: string,
    @Body({ schema: checkApprovalRule }) body: CheckApprovalRule,
  ) {
    return this.rules.check(actor, id, body);
  }
}
