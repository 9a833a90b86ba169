export { DETECTION_BYTES, detectLayout, type DetectionOptions } from './readers/detection/detect.js';
export { readRecords } from './readers/read.js';
export { UnreadableFile } from './readers/readers.errors.js';
export { CorpusModule } from './corpus.module.js';
export { bulkRunJob, importRunJob, importUndoJob, recordChangedJob } from './corpus.jobs.js';
export { ImportEntity, ImportFileEntity } from './import/import.entity.js';
export { ImportRunner } from './import/import-runner.js';
export { rowsAsCsv } from './import/rows-as-csv.js';
export { ImportService } from './import/import.service.js';
export { UploadEntity } from './import/upload.entity.js';
export { UploadService } from './import/upload.service.js';
export { createRecords, type RecordOrigin } from './creation/create-records.js';
export { GROUP_ID, joinGroups } from './creation/join-groups.js';
export {
  type CreatedRecord,
  type Dialogue,
  type PreparedDialogue,
  prepareDialogue,
  type RecordParent,
} from './creation/prepare-dialogue.js';
export { FROM_CASES, lineSql } from './creation/line-sql.js';
export { lockSource } from './sources/lock-source.js';
export { ImportUndoEntity, ImportUndoKeptEntity } from './undo/import-undo.entity.js';
export { ImportUndoService } from './undo/import-undo.service.js';
export { ImportUndoer } from './undo/import-undoer.js';
export { type KeepRule } from './undo/keep-reasons.js';
export { BulkItemEntity, BulkJobEntity } from './bulk/bulk-job.entity.js';
export { BulkJobService } from './bulk/bulk-job.service.js';
export { BulkRunner } from './bulk/bulk-runner.js';
export { BATCH, type Batch, type BulkStep } from './bulk/bulk-step.js';
export { keptUnless, RECORD_STEPS } from './bulk/record-acts.js';
export { type RecordAct, recordStep } from './bulk/record-step.js';
export { cancelBulkJob, orderBulkJob } from './bulk/order-bulk-job.js';
export { addVersion, type NewVersion, type StoredVersion, wordsOf } from './records/add-version.js';
export { ApprovalEntity } from './records/approval.entity.js';
export { approve, approveAll, endApproval, endApprovals, type NewApproval } from './records/approvals.js';
export { backToWork, endHold, holdBack, IN_USE, type NewHold } from './records/holds.js';
export { mayLeaveSql } from './records/may-leave-sql.js';
export { RecordEntity } from './records/record.entity.js';
export { recordFilterSql } from './records/record-filter-sql.js';
export { sampleSql } from './records/sample-sql.js';
export { RecordService } from './records/record.service.js';
export { VersionEntity, type VersionKind } from './records/version.entity.js';
export { SourceEntity } from './sources/source.entity.js';
export { SourceService } from './sources/source.service.js';
export { corpusEntities } from './corpus.entities.js';
