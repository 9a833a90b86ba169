import { Controller, Get, Query } from '@nestjs/common';
import { type Actor, answerList, answerQuery, type AnswerQuery } from '@qingnang/contracts';
import { AnswerService } from '@qingnang/review';
import { Can, CurrentActor } from '../http/access.decorators.js';
import { ApiResult } from '../http/result.decorators.js';

/** What people answered, said and asked; their own answers everyone finds under `work`. */
@Controller('projects/:project/answers')
export class AnswersController {
  constructor(private readonly answers: AnswerService) {}

  @Get()
  @Can('answers', 'read')
  @ApiResult(answerList)
  list(@CurrentActor() actor: Actor, @Query({ schema: answerQuery }) query: AnswerQuery) {
    return this.answers.list(actor, query);
  }
}
