import { BulkItemEntity, BulkJobEntity } from './bulk/bulk-job.entity.js';
import { ImportEntity, ImportFileEntity } from './import/import.entity.js';
import { UploadEntity } from './import/upload.entity.js';
import { ApprovalEntity } from './records/approval.entity.js';
import { RecordEntity } from './records/record.entity.js';
import { VersionEntity } from './records/version.entity.js';
import { ImportUndoEntity, ImportUndoKeptEntity } from './undo/import-undo.entity.js';
import { SourceEntity } from './sources/source.entity.js';

export const corpusEntities = [
  SourceEntity,
  UploadEntity,
  ImportEntity,
  ImportFileEntity,
  ImportUndoEntity,
  ImportUndoKeptEntity,
  RecordEntity,
  VersionEntity,
  ApprovalEntity,
  BulkJobEntity,
  BulkItemEntity,
];
