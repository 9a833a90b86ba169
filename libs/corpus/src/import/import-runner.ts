import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { sayInEnglish, type Said } from '@qingnang/contracts';
import { DomainError, notFound } from '@qingnang/kernel';
import { enqueue, type JobAttempt, notify } from '@qingnang/queue';
import { BLOB_STORE, type BlobStore } from '@qingnang/storage';
import { importRunJob } from '../corpus.jobs.js';
import { ImportEntity, ImportFileEntity } from './import.entity.js';
import { UnreadableFile } from '../readers/readers.errors.js';
import { lockSource } from '../sources/lock-source.js';
import { UploadEntity } from './upload.entity.js';
import { batchesAhead } from '../preparing/batches-ahead.js';
import type { PreparedBatch } from '../preparing/prepare-batches.js';
import { ensureStatistics } from './ensure-statistics.js';
import { type BatchCounts, storeBatch } from './store-batch.js';

const GAVE_UP =
  'The import broke off several times on an internal error, which the log of the worker names; import the file again once it is mended: rows stored so far are not added twice.';

/** Reads a file into records, batch by batch; killed anywhere, it goes on after the last committed batch. */
@Injectable()
export class ImportRunner {
  constructor(
    private readonly dataSource: DataSource,
    @Inject(BLOB_STORE) private readonly blobs: BlobStore,
  ) {}

  async run(projectId: string, importId: string, attempt: JobAttempt): Promise<void> {
    const job = await this.start(projectId, importId, attempt);
    if (!job) return;
    try {
      const finished = await this.readAll(job, attempt);
      if (finished) await this.finish(job, attempt);
    } catch (error) {
      if (!(error instanceof DomainError) || error.retryable) throw error;
      const said = error instanceof UnreadableFile ? error.said : null;
      await this.end(job, attempt, { state: 'failed', failure: error.message, said });
    }
  }

  /** A file of which nothing was taken has failed, whatever it was: nobody should take it for done. */
  private async finish(job: ImportEntity, attempt: JobAttempt): Promise<void> {
    const { readCount, rejectedCount } = await this.dataSource.manager.findOneByOrFail(ImportEntity, { id: job.id });
    if (readCount > rejectedCount) return this.end(job, attempt, { state: 'done', failure: null, said: null });
    const said: Said = { say: 'all_rejected', facts: { count: readCount } };
    return this.end(job, attempt, { state: 'failed', failure: sayInEnglish(said.say, said.facts), said });
  }

  /** For an error that tries did not mend. What was stored stays. */
  async giveUp(projectId: string, importId: string, attempt: JobAttempt): Promise<void> {
    const job = await this.dataSource.getRepository(ImportEntity).findOneBy({ projectId, id: importId });
    if (job) await this.end(job, attempt, { state: 'failed', failure: GAVE_UP, said: null });
  }

  /** Null when there is nothing to do: done, cancelled or failed before. */
  private start(projectId: string, importId: string, attempt: JobAttempt): Promise<ImportEntity | null> {
    return this.dataSource.transaction(async (tx) => {
      await attempt.hold(tx);
      const job = await tx.findOneBy(ImportEntity, { projectId, id: importId });
      if (!job) throw notFound('import', importId);
      const [, started] = await tx.query<[unknown, number]>(
        `update import set state = 'running', started_at = coalesce(started_at, now())
         where id = $1 and state in ('queued', 'running')`,
        [importId],
      );
      return started === 0 ? null : job;
    });
  }

  /** False when stopped before the end, by a cancel or because the worker ends. */
  private async readAll(job: ImportEntity, attempt: JobAttempt): Promise<boolean> {
    const { manager } = this.dataSource;
    const { projectId, id: importId } = job;
    const { uploadId } = await manager.findOneByOrFail(ImportFileEntity, { projectId, importId, role: 'rows' });
    const upload = await manager.findOneByOrFail(UploadEntity, { projectId, id: uploadId });
    const content = await this.blobs.get(upload.blobKey);
    let stored = 0;
    try {
      for await (const batch of batchesAhead(content, { plan: job.plan, skip: job.readCount })) {
        if (!(await this.commit(job, batch, attempt))) return false;
        if (stored++ === 0) await ensureStatistics(this.dataSource);
        if (attempt.signal.aborted) return this.goOnLater(job);
      }
      return true;
    } finally {
      content.destroy();
    }
  }

  private async goOnLater(job: ImportEntity): Promise<false> {
    await enqueue(this.dataSource.manager, importRunJob, { projectId: job.projectId, importId: job.id });
    return false;
  }

  /** One batch and its counts in one transaction. False if the import was cancelled meanwhile. */
  private commit(job: ImportEntity, batch: PreparedBatch, attempt: JobAttempt): Promise<boolean> {
    return this.dataSource.transaction(async (tx) => {
      await attempt.hold(tx);
      const [current]: { state: string; read_count: number }[] = await tx.query(
        'select state, read_count from import where id = $1 for update',
        [job.id],
      );
      if (current?.state !== 'running' || current.read_count !== job.readCount) return false;
      const source = await lockSource(tx, job.projectId, job.sourceId);
      const counts = await storeBatch(tx, { import: job, source }, batch);
      await this.count(tx, job, batch.prepared.length + batch.rejected.length, counts);
      return true;
    });
  }

  private async count(tx: EntityManager, job: ImportEntity, read: number, counts: BatchCounts): Promise<void> {
    job.readCount += read;
    await tx.query(
      `update import set read_count = read_count + $2, accepted_count = accepted_count + $3,
         duplicate_count = duplicate_count + $4, rejected_count = rejected_count + $5,
         replaced_count = replaced_count + $8, ended_approvals = ended_approvals + $9,
         reasons = ${summed('reasons', '$6')}, notes = ${summed('notes', '$7')}
       where id = $1`,
      [
        job.id,
        read,
        counts.accepted,
        counts.duplicate,
        counts.rejected,
        JSON.stringify(counts.reasons),
        JSON.stringify(counts.notes),
        counts.replaced,
        counts.endedApprovals,
      ],
    );
    await notify(tx, job.projectId, 'imports', job.id);
  }

  private async end(
    job: ImportEntity,
    attempt: JobAttempt,
    { state, failure, said }: { state: 'done' | 'failed'; failure: string | null; said: Said | null },
  ): Promise<void> {
    await this.dataSource.transaction(async (tx) => {
      await attempt.hold(tx);
      await tx.query(
        `update import set state = $2, failure = $3, failure_said = $4, ended_at = now()
         where id = $1 and state = 'running'`,
        [job.id, state, failure, said === null ? null : JSON.stringify(said)],
      );
      await notify(tx, job.projectId, 'imports', job.id);
    });
  }
}

/** Counts by name, those of a batch added to those of the column. */
function summed(column: string, added: string): string {
  return `coalesce((select jsonb_object_agg(name, n) from (
    select key as name, sum(value::int) as n from (
      select * from jsonb_each_text(${column}) union all select * from jsonb_each_text(${added})) each_name
    group by key) summed), '{}')`;
}
