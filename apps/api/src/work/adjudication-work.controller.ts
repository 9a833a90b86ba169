import { Body, Controller, Get, Post } from '@nestjs/common';
import {
  type Actor,
  adjudicationTask,
  claimReply,
  submitAdjudication,
  type SubmitAdjudication,
  submitAdjudicationReply,
  workReplies,
} from '@qingnang/contracts';
import { AdjudicationService } from '@qingnang/review';
import { AlsoFormerMembers, Can, CurrentActor } from '../http/access.decorators.js';
import { NotAudited, SafeToRepeat } from '../http/act.decorators.js';
import { ApiResult, IdParam, NoContent } from '../http/result.decorators.js';

/** Deciding where answers differ, and what is written back to those who answered. */
@Controller('projects/:project/work')
export class AdjudicationWorkController {
  constructor(private readonly adjudications: AdjudicationService) {}

  @Get('slots/:id/adjudication')
  @Can('work', 'read')
  @ApiResult(adjudicationTask)
  show(@CurrentActor() actor: Actor, @IdParam() id: string) {
    return this.adjudications.show(actor, id);
  }

  @Post('slots/:id/adjudication')
  @Can('work', 'update')
  @AlsoFormerMembers()
  @SafeToRepeat()
  @ApiResult(submitAdjudicationReply)
  submit(
    @CurrentActor() actor: Actor,
    @IdParam() id: string,
    @Body({ schema: submitAdjudication }) body: SubmitAdjudication,
  ) {
    return this.adjudications.submit(actor, id, body);
  }

  /** Takes one of the list in hand, by the task that is to be decided. */
  @Post('adjudications/:id/take')
  @Can('work', 'create')
  @SafeToRepeat()
  @NotAudited('moves a task into one’s own hands; the assignment row says who, when and how it ended')
  @ApiResult(claimReply)
  async take(@CurrentActor() actor: Actor, @IdParam() id: string) {
    return { slot: await this.adjudications.take(actor, id) };
  }

  @Get('replies')
  @Can('work', 'read')
  @ApiResult(workReplies)
  replies(@CurrentActor() actor: Actor) {
    return this.adjudications.replies(actor);
  }

  @Post('replies/seen')
  @Can('work', 'update')
  @NotAudited('notes that one has read what was written to one')
  @NoContent()
  repliesSeen(@CurrentActor() actor: Actor) {
    return this.adjudications.repliesSeen(actor);
  }
}
