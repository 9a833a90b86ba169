import { Body, Controller, Get, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiOkResponse } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import {
  type Actor,
  artefactQuery,
  type ArtefactQuery,
  artefactReply,
  handedIn,
  handInResult,
  type HandInResult,
  runArtefacts,
  runInputRole,
  runJob,
  startedOutsideRun,
  startOutsideRun,
  type StartOutsideRun,
} from '@qingnang/contracts';
import { ArtefactService, HandInService, OutsideRunService } from '@qingnang/runs';
import { z } from 'zod';
import { Can, CurrentActor, OpenToRunToken } from '../http/access.decorators.js';
import { NotAudited, SafeToRepeat } from '../http/act.decorators.js';
import { ApiResult, IdParam } from '../http/result.decorators.js';
import { sendFile } from './send-file.js';

const fileName = z.string().regex(/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,199}$/);

/** Runs whose trainer works on another machine. All but the start is done with the run's own token. */
@Controller('projects/:project/runs')
export class OutsideRunsController {
  constructor(
    private readonly outside: OutsideRunService,
    private readonly artefacts: ArtefactService,
    private readonly handIns: HandInService,
  ) {}

  /**
   * Makes a run and its token; makes none where nothing is new since the last run of this name. The token is shown once:
   * sent again with the same Idempotency-Key, the request is answered with the same run and another token.
   */
  @Post('outside')
  @Can('runs', 'run')
  @SafeToRepeat()
  @ApiResult(startedOutsideRun, 201)
  start(@CurrentActor() actor: Actor, @Body({ schema: startOutsideRun }) body: StartOutsideRun) {
    return this.outside.start(actor, body);
  }

  @Get(':run/job')
  @Can('runs', 'read')
  @OpenToRunToken()
  @ApiResult(runJob)
  job(@CurrentActor() actor: Actor, @IdParam('run') id: string) {
    return this.outside.job(actor, id);
  }

  /** A file of what the run reads, whole or from a byte on (`Range: bytes=N-`); the ETag is its SHA-256. */
  @Get(':run/inputs/:role/:file')
  @Can('runs', 'read')
  @OpenToRunToken()
  @ApiOkResponse({ description: 'The file.' })
  async input(
    @CurrentActor() actor: Actor,
    @IdParam('run') id: string,
    @Param('role', { schema: runInputRole }) role: string,
    @Param('file', { schema: fileName }) file: string,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ) {
    return sendFile(request, response, await this.outside.inputFile(actor, id, role, file));
  }

  @Post(':run/attempts')
  @Can('runs', 'update')
  @OpenToRunToken()
  @ApiResult(runJob, 201)
  beginAttempt(@CurrentActor() actor: Actor, @IdParam('run') id: string) {
    return this.outside.beginAttempt(actor, id);
  }

  @Get(':run/artefacts')
  @Can('runs', 'read')
  @OpenToRunToken()
  @ApiResult(runArtefacts)
  listArtefacts(@CurrentActor() actor: Actor, @IdParam('run') id: string) {
    return this.artefacts.list(actor, id);
  }

  /** The body is the file from `offset` on, sent as application/octet-stream; an empty one asks how much is there. */
  @Post(':run/artefacts')
  @Can('runs', 'update')
  @OpenToRunToken()
  @NotAudited('files of a trainer, keyed by path and hash; the result that names them is audited')
  @SafeToRepeat()
  @ApiConsumes('application/octet-stream')
  @ApiBody({ schema: { type: 'string', format: 'binary' } })
  @ApiResult(artefactReply)
  takeArtefact(
    @CurrentActor() actor: Actor,
    @IdParam('run') id: string,
    @Query({ schema: artefactQuery }) query: ArtefactQuery,
    @Req() request: Request,
  ) {
    return this.artefacts.take(actor, id, query, request, request.header('content-length') === '0');
  }

  /** Ends the run and its token. The same result again, within a day, is answered as the first time. */
  @Post(':run/result')
  @Can('runs', 'update')
  @OpenToRunToken()
  @SafeToRepeat()
  @ApiResult(handedIn)
  handIn(@CurrentActor() actor: Actor, @IdParam('run') id: string, @Body({ schema: handInResult }) body: HandInResult) {
    return this.handIns.handIn(actor, id, body);
  }
}
