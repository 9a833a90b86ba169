import { Controller, Get, Post, Query, Req } from '@nestjs/common';
import { ApiBody, ApiConsumes } from '@nestjs/swagger';
import type { Request } from 'express';
import { type Actor, upload, uploadQuery, type UploadQuery, uploadView, type UploadView } from '@qingnang/contracts';
import { UploadService } from '@qingnang/corpus';
import { Can, CurrentActor } from '../http/access.decorators.js';
import { ApiResult, IdParam } from '../http/result.decorators.js';

@Controller('projects/:project/uploads')
export class UploadsController {
  constructor(private readonly uploads: UploadService) {}

  /** The body is the file, sent as application/octet-stream, so that no size is too large to stream. */
  @Post()
  @Can('uploads', 'create')
  @ApiConsumes('application/octet-stream')
  @ApiBody({ schema: { type: 'string', format: 'binary' } })
  @ApiResult(upload, 201)
  create(@CurrentActor() actor: Actor, @Query({ schema: uploadQuery }) query: UploadQuery, @Req() request: Request) {
    const { fileName, ...chosen } = query;
    return this.uploads.create(actor, fileName, request, chosen);
  }

  @Get(':id')
  @Can('uploads', 'read')
  @ApiResult(upload)
  get(@CurrentActor() actor: Actor, @IdParam() id: string, @Query({ schema: uploadView }) chosen: UploadView) {
    return this.uploads.get(actor, id, chosen);
  }
}
