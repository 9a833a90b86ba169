import { Injectable } from '@nestjs/common';
import { ImportUndoer, importUndoJob, type KeepRule } from '@qingnang/corpus';
import { askedOfModelsSql } from '@qingnang/llm';
import { hasPromptsSql } from '@qingnang/preference';
import { type JobAttempt, type JobContext, JobHandler } from '@qingnang/queue';
import { inTaskSetSql } from '@qingnang/review';
import { inSnapshotSql } from '@qingnang/snapshot';

/** How each library above the corpus knows that somebody worked on a record. */
const WORKED: readonly KeepRule[] = [
  { reason: 'in_model_job', sql: askedOfModelsSql('r') },
  { reason: 'in_task_set', sql: inTaskSetSql('r') },
  { reason: 'has_prompts', sql: hasPromptsSql('r') },
  { reason: 'in_snapshot', sql: inSnapshotSql('r') },
];

@JobHandler(importUndoJob)
@Injectable()
export class ImportUndoHandler {
  constructor(private readonly undoer: ImportUndoer) {}

  run(payload: { projectId: string; importId: string }, context: JobContext): Promise<void> {
    return this.undoer.run(payload, WORKED, context);
  }

  gaveUp(payload: { projectId: string; importId: string }, attempt: JobAttempt): Promise<void> {
    return this.undoer.giveUp(payload.projectId, payload.importId, attempt);
  }
}
