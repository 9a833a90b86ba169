import { Module } from '@nestjs/common';
import { CorpusModule } from '@qingnang/corpus';
import { BulkJobsController } from './bulk-jobs.controller.js';

@Module({ imports: [CorpusModule], controllers: [BulkJobsController] })
export class BulkJobsModule {}
