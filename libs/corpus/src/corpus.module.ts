import { Module } from '@nestjs/common';
import { StorageModule } from '@qingnang/storage';
import { BulkJobService } from './bulk/bulk-job.service.js';
import { BulkRunner } from './bulk/bulk-runner.js';
import { ImportRunner } from './import/import-runner.js';
import { ImportService } from './import/import.service.js';
import { ImportUndoService } from './undo/import-undo.service.js';
import { ImportUndoer } from './undo/import-undoer.js';
import { RecordService } from './records/record.service.js';
import { SourceService } from './sources/source.service.js';
import { UploadService } from './import/upload.service.js';

const providers = [
  SourceService,
  UploadService,
  ImportService,
  ImportRunner,
  ImportUndoService,
  ImportUndoer,
  RecordService,
  BulkJobService,
  BulkRunner,
];

@Module({ imports: [StorageModule], providers, exports: providers })
export class CorpusModule {}
