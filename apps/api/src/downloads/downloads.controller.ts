import { Controller, Get, Query, Res, StreamableFile } from '@nestjs/common';
import { ApiOkResponse } from '@nestjs/swagger';
import type { Response } from 'express';
import { z } from 'zod';
import { LiveStreams } from '../events/live-streams.js';
import { Public } from '../http/access.decorators.js';
import { DownloadTickets } from './download-tickets.js';

const downloadQuery = z.object({ ticket: z.string().min(1).max(4000) });

@Controller('downloads')
export class DownloadsController {
  constructor(
    private readonly tickets: DownloadTickets,
    private readonly live: LiveStreams,
  ) {}

  /** The file of a ticket; the ticket itself is the right to it, until whoever asked for it loses theirs. */
  @Get()
  @Public()
  @ApiOkResponse({ description: 'The file.' })
  async download(
    @Query({ schema: downloadQuery }) query: z.infer<typeof downloadQuery>,
    @Res({ passthrough: true }) response: Response,
  ): Promise<StreamableFile> {
    const { file, actor, right } = await this.tickets.open(query.ticket);
    const { stream, fileName, contentType, bytes } = file;
    await this.live.hold(response, { actor, right });
    const ascii = fileName.replace(/[^\x20-\x7e]|["\\]/g, '_');
    return new StreamableFile(stream, {
      type: contentType,
      disposition: `attachment; filename="${ascii}"; filename*=UTF-8''${encodeURIComponent(fileName)}`,
      ...(bytes === undefined ? {} : { length: bytes }),
    });
  }
}
