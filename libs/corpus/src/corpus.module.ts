import { Module } from '@nestjs/common';
import { StorageModule } from '@qingnang/storage';
import { ImportRunner } from './import/import-runner.js';
import { ImportService } from './import/import.service.js';
import { RecordService } from './records/record.service.js';
import { SourceService } from './sources/source.service.js';
import { UploadService } from './import/upload.service.js';

@Module({
  imports: [StorageModule],
  providers: [SourceService, UploadService, ImportService, ImportRunner, RecordService],
  exports: [SourceService, UploadService, ImportService, ImportRunner, RecordService],
})
export class CorpusModule {}
