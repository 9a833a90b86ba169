import type { Type } from '@nestjs/common';
import { BulkRunHandler } from './bulk/bulk-run.handler.js';
import { DemoSeedHandler } from './demo/seed/demo-seed.handler.js';
import { FreezeHandler } from './snapshots/freeze.handler.js';
import { ImportRunHandler } from './imports/import-run.handler.js';
import { ImportUndoHandler } from './imports/import-undo.handler.js';
import { LlmJobRunHandler } from './llm/llm-job-run.handler.js';
import { RecordChangedHandler } from './review/record-changed.handler.js';
import { RunLaunchHandler } from './runs/run-launch.handler.js';
import { WebhookDeliverHandler } from './runs/webhook-deliver.handler.js';

/** Every job handler of the worker; the start fails on a job with two. */
export const handlers: readonly Type<object>[] = [
  BulkRunHandler,
  DemoSeedHandler,
  FreezeHandler,
  ImportRunHandler,
  ImportUndoHandler,
  LlmJobRunHandler,
  RecordChangedHandler,
  RunLaunchHandler,
  WebhookDeliverHandler,
];
