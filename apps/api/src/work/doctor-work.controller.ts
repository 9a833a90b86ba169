import { Body, Controller, Get, Post } from '@nestjs/common';
import {
  type Actor,
  rankingTask,
  referenceTask,
  referenceView,
  reviseReference,
  type ReviseReference,
  submitRanking,
  type SubmitRanking,
  submitRankingReply,
  submitReference,
  type SubmitReference,
  submitReferenceReply,
} from '@qingnang/contracts';
import { RankingTaskService, ReferenceService, ReferenceTaskService } from '@qingnang/preference';
import { Can, CurrentActor } from '../http/access.decorators.js';
import { SafeToRepeat } from '../http/act.decorators.js';
import { ApiResult, IdParam } from '../http/result.decorators.js';
import { RevisionMatch } from '../http/revision-match.js';
import { CorrectionDesk } from './correction.desk.js';

/** What doctors do in their own sitting: write references, put candidates in order. */
@Controller('projects/:project/work')
export class DoctorWorkController {
  constructor(
    private readonly referenceTasks: ReferenceTaskService,
    private readonly rankingTasks: RankingTaskService,
    private readonly references: ReferenceService,
    private readonly corrections: CorrectionDesk,
  ) {}

  @Get('slots/:id/reference')
  @Can('work', 'read')
  @ApiResult(referenceTask)
  showReference(@CurrentActor() actor: Actor, @IdParam() id: string) {
    return this.referenceTasks.show(actor, id);
  }

  @Post('slots/:id/reference')
  @Can('work', 'update')
  @SafeToRepeat()
  @ApiResult(submitReferenceReply)
  submitReference(
    @CurrentActor() actor: Actor,
    @IdParam() id: string,
    @Body({ schema: submitReference }) body: SubmitReference,
  ) {
    return this.referenceTasks.submit(actor, id, body);
  }

  @Get('slots/:id/ranking')
  @Can('work', 'read')
  @ApiResult(rankingTask)
  showRanking(@CurrentActor() actor: Actor, @IdParam() id: string) {
    return this.rankingTasks.show(actor, id);
  }

  @Post('slots/:id/ranking')
  @Can('work', 'update')
  @SafeToRepeat()
  @ApiResult(submitRankingReply)
  submitRanking(
    @CurrentActor() actor: Actor,
    @IdParam() id: string,
    @Body({ schema: submitRanking }) body: SubmitRanking,
  ) {
    return this.rankingTasks.submit(actor, id, body);
  }

  @Get('references/:id')
  @Can('work', 'read')
  @ApiResult(referenceView)
  ownReference(@CurrentActor() actor: Actor, @IdParam() id: string) {
    return this.references.own(actor, id);
  }

  @Post('references/:id/revisions')
  @Can('work', 'update')
  @ApiResult(referenceView, 201)
  revise(
    @CurrentActor() actor: Actor,
    @IdParam() id: string,
    @RevisionMatch() revision: number,
    @Body({ schema: reviseReference }) body: ReviseReference,
  ) {
    return this.corrections.revise(actor, id, revision, body);
  }
}
