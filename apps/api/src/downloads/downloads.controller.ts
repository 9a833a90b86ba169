import { Controller, Get, Query, StreamableFile } from '@nestjs/common';
import { ApiOkResponse } from '@nestjs/swagger';
import { z } from 'zod';
import { Public } from '../http/access.decorators.js';
import { DownloadTickets } from './download-tickets.js';

const downloadQuery = z.object({ ticket: z.string().min(1).max(4000) });

@Controller('downloads')
export class DownloadsController {
  constructor(private readonly tickets: DownloadTickets) {}

  /** The file of a ticket; the ticket itself is the right to it. */
  @Get()
  @Public()
  @ApiOkResponse({ description: 'The file.' })
  async download(@Query({ schema: downloadQuery }) query: z.infer<typeof downloadQuery>): Promise<StreamableFile> {
    const { stream, fileName, contentType, bytes } = await this.tickets.open(query.ticket);
    const ascii = fileName.replace(/[^\x20-\x7e]|["\\]/g, '_');
    return new StreamableFile(stream, {
      type: contentType,
      disposition: `attachment; filename="${ascii}"; filename*=UTF-8''${encodeURIComponent(fileName)}`,
      ...(bytes === undefined ? {} : { length: bytes }),
    });
  }
}
