import { Body, Controller, Delete, Get, Post, Put, Query } from '@nestjs/common';
import {
  type Actor,
  claimReply,
  claimRequest,
  type ClaimRequest,
  heartbeatReply,
  heartbeatRequest,
  type HeartbeatRequest,
  heldSlot,
  keptDrafts,
  myAnswerList,
  myAnswerQuery,
  type MyAnswerQuery,
  releaseRequest,
  saveDraft,
  type SaveDraft,
  savedDraft,
  skipRequest,
  type SkipRequest,
  workQueues,
} from '@qingnang/contracts';
import { WorkService } from '@qingnang/review';
import { AlsoFormerMembers, Can, CurrentActor } from '../http/access.decorators.js';
import { NotAudited, SafeToRepeat } from '../http/act.decorators.js';
import { ApiResult, IdParam, NoContent } from '../http/result.decorators.js';
import { MyAnswersDesk } from './my-answers.desk.js';

const OWN_HANDS = 'moves a task in and out of one’s own hands; the assignment row says who, when and how it ended';

/** A person's own work, whatever its kind. What a kind shows and takes has a controller of its own. */
@Controller('projects/:project/work')
export class WorkController {
  constructor(
    private readonly work: WorkService,
    private readonly mine: MyAnswersDesk,
  ) {}

  @Get('queues')
  @Can('work', 'read')
  @ApiResult(workQueues)
  async queues(@CurrentActor() actor: Actor) {
    return { items: await this.work.queues(actor) };
  }

  @Get('answers')
  @Can('work', 'read')
  @ApiResult(myAnswerList)
  answers(@CurrentActor() actor: Actor, @Query({ schema: myAnswerQuery }) query: MyAnswerQuery) {
    return this.mine.list(actor, query);
  }

  @Get('drafts')
  @Can('work', 'read')
  @ApiResult(keptDrafts)
  async drafts(@CurrentActor() actor: Actor) {
    return { items: await this.work.drafts(actor) };
  }

  @Delete('slots/:id/draft')
  @Can('work', 'update')
  @NotAudited('throws away what one wrote oneself and never handed in')
  @NoContent()
  discardDraft(@CurrentActor() actor: Actor, @IdParam() id: string) {
    return this.work.discardDraft(actor, id);
  }

  @Post('slots/:id/resume')
  @Can('work', 'update')
  @SafeToRepeat()
  @NotAudited(OWN_HANDS)
  @ApiResult(heldSlot)
  resume(@CurrentActor() actor: Actor, @IdParam() id: string) {
    return this.work.resume(actor, id);
  }

  @Post('claim')
  @Can('work', 'create')
  @SafeToRepeat()
  @NotAudited(OWN_HANDS)
  @ApiResult(claimReply)
  async claim(@CurrentActor() actor: Actor, @Body({ schema: claimRequest }) body: ClaimRequest) {
    return { slot: await this.work.claim(actor, body.taskSetId, body.takeOver) };
  }

  @Get('slots/:id')
  @Can('work', 'read')
  @ApiResult(heldSlot)
  held(@CurrentActor() actor: Actor, @IdParam() id: string) {
    return this.work.held(actor, id);
  }

  @Post('slots/:id/heartbeat')
  @Can('work', 'update')
  @AlsoFormerMembers()
  @SafeToRepeat()
  @NotAudited('renews a lease of minutes')
  @ApiResult(heartbeatReply)
  heartbeat(
    @CurrentActor() actor: Actor,
    @IdParam() id: string,
    @Body({ schema: heartbeatRequest }) body: HeartbeatRequest,
  ) {
    return this.work.heartbeat(actor, id, body.fencingToken);
  }

  @Put('slots/:id/draft')
  @Can('work', 'update')
  @AlsoFormerMembers()
  @NotAudited('keeps what one types, several times a minute; the submitted answer is audited')
  @ApiResult(savedDraft)
  saveDraft(@CurrentActor() actor: Actor, @IdParam() id: string, @Body({ schema: saveDraft }) body: SaveDraft) {
    return this.work.saveDraft(actor, id, body);
  }

  @Post('slots/:id/skip')
  @Can('work', 'update')
  @NotAudited(OWN_HANDS)
  @NoContent()
  skip(@CurrentActor() actor: Actor, @IdParam() id: string, @Body({ schema: skipRequest }) body: SkipRequest) {
    return this.work.skip(actor, id, body.fencingToken, body.reason);
  }

  @Post('slots/:id/release')
  @Can('work', 'update')
  @NotAudited(OWN_HANDS)
  @NoContent()
  release(
    @CurrentActor() actor: Actor,
    @IdParam() id: string,
    @Body({ schema: releaseRequest }) body: HeartbeatRequest,
  ) {
    return this.work.release(actor, id, body.fencingToken);
  }
}
