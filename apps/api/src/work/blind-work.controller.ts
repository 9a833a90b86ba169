import { Body, Controller, Get, Post } from '@nestjs/common';
import {
  type Actor,
  blindPairTask,
  submitBlindPair,
  type SubmitBlindPair,
  submitBlindPairReply,
  undoneAnswer,
} from '@qingnang/contracts';
import { BlindPairTaskService } from '@qingnang/evaluation';
import { Can, CurrentActor } from '../http/access.decorators.js';
import { SafeToRepeat } from '../http/act.decorators.js';
import { ApiResult, IdParam } from '../http/result.decorators.js';
import { CorrectionDesk } from './correction.desk.js';

/** What doctors do for an evaluation, and how any answer is taken back. */
@Controller('projects/:project/work')
export class BlindWorkController {
  constructor(
    private readonly pairs: BlindPairTaskService,
    private readonly undoing: CorrectionDesk,
  ) {}

  @Get('slots/:id/blind-pair')
  @Can('work', 'read')
  @ApiResult(blindPairTask)
  show(@CurrentActor() actor: Actor, @IdParam() id: string) {
    return this.pairs.show(actor, id);
  }

  @Post('slots/:id/blind-pair')
  @Can('work', 'update')
  @SafeToRepeat()
  @ApiResult(submitBlindPairReply)
  submit(
    @CurrentActor() actor: Actor,
    @IdParam() id: string,
    @Body({ schema: submitBlindPair }) body: SubmitBlindPair,
  ) {
    return this.pairs.submit(actor, id, body);
  }

  @Post('answers/:id/undo')
  @Can('work', 'update')
  @SafeToRepeat()
  @ApiResult(undoneAnswer)
  undo(@CurrentActor() actor: Actor, @IdParam() id: string) {
    return this.undoing.undo(actor, id);
  }
}
