import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { ImportRunner } from '@qingnang/corpus';
import { TaskSetMaker } from '@qingnang/preference';
import { JobHandler } from '@qingnang/queue';
import { PolishReviewService, WorkService } from '@qingnang/review';
import { BLOB_STORE, type BlobStore } from '@qingnang/storage';
import { seedDemo } from './seed-demo.js';
import { demoSeedJob } from './demo-seed.job.js';

@JobHandler(demoSeedJob)
@Injectable()
export class DemoSeedHandler {
  constructor(
    private readonly dataSource: DataSource,
    @Inject(BLOB_STORE) private readonly blobs: BlobStore,
    private readonly imports: ImportRunner,
    private readonly taskSets: TaskSetMaker,
    private readonly work: WorkService,
    private readonly reviews: PolishReviewService,
  ) {}

  run(): Promise<void> {
    return seedDemo({
      dataSource: this.dataSource,
      blobs: this.blobs,
      imports: this.imports,
      taskSets: this.taskSets,
      work: this.work,
      reviews: this.reviews,
    });
  }
}
