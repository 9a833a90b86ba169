import type { DataSource } from 'typeorm';
import type { ImportRunner } from '@qingnang/corpus';
import type { TaskSetMaker } from '@qingnang/preference';
import type { PolishReviewService, WorkService } from '@qingnang/review';
import type { BlobStore } from '@qingnang/storage';
import type { DemoData } from '../demo-data.js';

/** What seeding works through: the same services that people's work goes through. */
export interface DemoServices {
  dataSource: DataSource;
  blobs: BlobStore;
  imports: ImportRunner;
  taskSets: TaskSetMaker;
  work: WorkService;
  reviews: PolishReviewService;
}

/** The demo's project and its invented people. */
export interface DemoCast {
  projectId: string;
  annotatorId: string;
  doctorId: string;
}

export interface DemoStep {
  services: DemoServices;
  data: DemoData;
  cast: DemoCast;
}

/** The demo is the same on every machine. */
export const DEMO_SEED = 20_261_123;
