export { defineJob, enqueue, type EnqueueOptions, type JobDefinition, type JobOptions } from './define-job.js';
export { JobHandler, type JobContext, type JobHandlerClass, type JobHandlerInstance } from './job-handler.js';
export { ACCESS_CHANNEL, EVENT_CHANNEL, notify, notifyAccess, type ProjectEvent } from './notify.js';
export { migrateQueue, startQueueWorker, type QueueWorker, type QueueWorkerOptions } from './queue-worker.js';
export { runJobsUntilEmpty } from './run-until-empty.js';
