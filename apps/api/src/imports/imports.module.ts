import { Module } from '@nestjs/common';
import { CorpusModule } from '@qingnang/corpus';
import { DownloadsModule } from '../downloads/downloads.module.js';
import { ImportRowsController } from './import-rows.controller.js';
import { ImportsController } from './imports.controller.js';

@Module({ imports: [CorpusModule, DownloadsModule], controllers: [ImportsController, ImportRowsController] })
export class ImportsModule {}
