import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { pino } from 'pino';
import { loadSettings } from '@qingnang/config';
import { announceReady, DomainError, onStop, stackPlaces } from '@qingnang/kernel';
import { enqueue, startQueueWorker } from '@qingnang/queue';
import { readDiskRoom } from '@qingnang/storage';
import { DataSource } from 'typeorm';
import { demoSeedJob } from './demo/seed/demo-seed.job.js';
import { handlers } from './handlers.js';
import { WorkerModule } from './worker.module.js';

const settings = loadSettings();
const log = pino({ level: settings.logLevel, base: { app: 'worker' } });
const context = await NestFactory.createApplicationContext(WorkerModule, { logger: ['error', 'fatal'] });

const dataSource = context.get(DataSource);
const worker = await startQueueWorker({
  url: settings.databaseUrl!,
  handlers: handlers.map((handler) => context.get<object>(handler)),
  concurrency: settings.workerConcurrency,
  hasRoom: async () => (await readDiskRoom(settings, dataSource)).full === null,
  onError(job, error, willRetry) {
    // Details of a DomainError hold ids and counts only; any other message may quote text, so only its kind is logged.
    const facts =
      error instanceof DomainError
        ? { code: error.code, details: error.details }
        : { kind: error instanceof Error ? error.name : typeof error, stack: stackPlaces(error).slice(0, 5) };
    log.error({ job, willRetry, ...facts }, 'job failed');
  },
  onBroken(error) {
    // The supervisor starts the next one, and what this one held is free once it is gone.
    log.fatal({ kind: error instanceof Error ? error.name : typeof error }, 'worker broken');
    process.exit(1);
  },
});
if (settings.demo) await enqueue(dataSource.manager, demoSeedJob, {}, { key: demoSeedJob.name });
log.info({ worker: worker.workerId, jobs: handlers.length }, 'worker ready');
announceReady({ worker: worker.workerId });

// A trainer at work saves its checkpoint first; the supervisor waits a minute for that.
onStop(async () => {
  await worker.stop();
  await context.close();
}, 55_000);
