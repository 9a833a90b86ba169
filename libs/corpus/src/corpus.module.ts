import { Module } from '@nestjs/common';
import { StorageModule } from '@qingnang/storage';
import { ImportRunner } from './import/import-runner.js';
import { ImportService } from './import/import.service.js';
import { ImportUndoService } from './undo/import-undo.service.js';
import { ImportUndoer } from './undo/import-undoer.js';
import { RecordService } from './records/record.service.js';
import { SourceService } from './sources/source.service.js';
import { UploadService } from './import/upload.service.js';

@Module({
  imports: [StorageModule],
  providers: [
    SourceService,
    UploadService,
    ImportService,
    ImportRunner,
    ImportUndoService,
    ImportUndoer,
    RecordService,
  ],
  exports: [SourceService, UploadService, ImportService, ImportRunner, ImportUndoService, ImportUndoer, RecordService],
})
export class CorpusModule {}
