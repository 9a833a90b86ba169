import { Body, Controller, Get, HttpCode, Post, Req, Res } from '@nestjs/common';
import { ApiOkResponse, ApiProduces } from '@nestjs/swagger';
import { type Actor, chatPartners, chatRequestBody, type ChatRequestBody } from '@qingnang/contracts';
import type { Response } from 'express';
import { Can, CurrentActor } from '../http/access.decorators.js';
import { NotAudited, SafeToRepeat } from '../http/act.decorators.js';
import { ApiResult } from '../http/result.decorators.js';
import { LiveStreams } from '../events/live-streams.js';
import type { ApiRequest } from '../http/request.js';
import { ChatDesk } from './chat.desk.js';
import { ChatStream } from './chat-stream.js';

@Controller('projects/:project/chat')
export class ChatController {
  constructor(
    private readonly desk: ChatDesk,
    private readonly live: LiveStreams,
  ) {}

  /** Whom one can talk to: this project's own models, and what else answers inside the house. */
  @Get('partners')
  @Can('chat', 'read')
  @ApiResult(chatPartners)
  partners(@CurrentActor() actor: Actor) {
    return this.desk.partners(actor);
  }

  /** One reply, word by word as server-sent events (`ChatEvent`). What is refused is refused before the first word. */
  @Post()
  @Can('chat', 'create')
  @NotAudited('a question asked by POST; the call stands in the ledger')
  @SafeToRepeat()
  @HttpCode(200)
  @ApiProduces('text/event-stream')
  @ApiOkResponse({ description: 'A stream of server-sent events.' })
  async chat(
    @CurrentActor() actor: Actor,
    @Body({ schema: chatRequestBody }) body: ChatRequestBody,
    @Req() request: ApiRequest,
    @Res() response: Response,
  ): Promise<void> {
    const gone = new AbortController();
    response.on('close', () => gone.abort());
    const { principal } = request;
    const right = { resource: 'chat', action: 'create' } as const;
    await this.live.hold(response, { actor, familyId: principal?.familyId, right });
    const stream = new ChatStream(response);
    await this.desk.reply(actor, body, stream, gone.signal);
    stream.end();
  }
}
