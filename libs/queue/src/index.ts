export { defineJob, enqueue, type EnqueueOptions, type JobDefinition, type JobOptions } from './define-job.js';
export {
  type JobAttempt,
  JobHandler,
  type JobContext,
  type JobHandlerClass,
  type JobHandlerInstance,
  ONLY_ATTEMPT,
} from './job-handler.js';
export { JobTakenError } from './job-hold.js';
export {
  ACCESS_CHANNEL,
  EVENT_CHANNEL,
  eventOf,
  notify,
  notifyAccess,
  notifySql,
  type ProjectEvent,
} from './notify.js';
export { migrateQueue, startQueueWorker, type QueueWorker, type QueueWorkerOptions } from './queue-worker.js';
export { sweepLostJobs } from './sweep-lost-jobs.js';
export { runJobsUntilEmpty } from './run-until-empty.js';
