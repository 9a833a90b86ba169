import { Global, Module } from '@nestjs/common';
import { IdentityModule } from '@qingnang/identity';
import { DownloadTickets } from './download-tickets.js';
import { DownloadsController } from './downloads.controller.js';

@Global()
@Module({
  imports: [IdentityModule],
  controllers: [DownloadsController],
  providers: [DownloadTickets],
  exports: [DownloadTickets],
})
export class DownloadsModule {}
