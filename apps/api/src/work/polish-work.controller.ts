import { Body, Controller, Get, Post } from '@nestjs/common';
import {
  type Actor,
  polishAgain,
  type PolishAgain,
  polishedAgain,
  polishTask,
  submitPolish,
  type SubmitPolish,
  submitPolishReply,
} from '@qingnang/contracts';
import { PolishReviewService } from '@qingnang/review';
import { AlsoFormerMembers, Can, CurrentActor } from '../http/access.decorators.js';
import { NotAudited, SafeToRepeat } from '../http/act.decorators.js';
import { ApiResult, IdParam } from '../http/result.decorators.js';
import { PolishAgainDesk } from './polish-again.desk.js';

/** Review of polished replies. */
@Controller('projects/:project/work')
export class PolishWorkController {
  constructor(
    private readonly reviews: PolishReviewService,
    private readonly again: PolishAgainDesk,
  ) {}

  @Get('slots/:id/polish')
  @Can('work', 'read')
  @ApiResult(polishTask)
  show(@CurrentActor() actor: Actor, @IdParam() id: string) {
    return this.reviews.show(actor, id);
  }

  @Post('slots/:id/polish')
  @Can('work', 'update')
  @AlsoFormerMembers()
  @SafeToRepeat()
  @ApiResult(submitPolishReply)
  submit(@CurrentActor() actor: Actor, @IdParam() id: string, @Body({ schema: submitPolish }) body: SubmitPolish) {
    return this.reviews.submit(actor, id, body);
  }

  @Post('slots/:id/polish-again')
  @Can('work', 'update')
  @NotAudited('asks a model; the row of the call says who asked, when and for how much')
  @ApiResult(polishedAgain)
  polishAgain(@CurrentActor() actor: Actor, @IdParam() id: string, @Body({ schema: polishAgain }) body: PolishAgain) {
    return this.again.ask(actor, id, body);
  }
}
