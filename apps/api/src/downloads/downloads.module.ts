import { Global, Module } from '@nestjs/common';
import { DownloadTickets } from './download-tickets.js';
import { DownloadsController } from './downloads.controller.js';

@Global()
@Module({ controllers: [DownloadsController], providers: [DownloadTickets], exports: [DownloadTickets] })
export class DownloadsModule {}
