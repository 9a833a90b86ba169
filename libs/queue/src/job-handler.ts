import 'reflect-metadata';
import type { EntityManager } from 'typeorm';
import type { JobDefinition } from './define-job.js';

/** What work in batches needs to know of the attempt it is part of. */
export interface JobAttempt {
  /** Aborted when the worker stops: finish the batch at hand, enqueue the rest again, return. */
  signal: AbortSignal;
  /**
   * The fence. Called in each transaction that writes: it fails where the job went to another worker meanwhile, and keeps
   * it from going until the transaction ends.
   */
  hold(tx: Pick<EntityManager, 'query'>): Promise<void>;
}

/** For work that no queue has handed out, so that nobody can take it over. */
export const ONLY_ATTEMPT: JobAttempt = {
  signal: new AbortController().signal,
  hold: () => Promise.resolve(),
};

export interface JobContext extends JobAttempt {
  /** Of the process, for leases. */
  workerId: string;
  attempt: number;
}

export interface JobHandlerInstance<Payload> {
  run(payload: Payload, context: JobContext): Promise<void>;
  /** After the last try failed: writes down, where a person looks, that nothing more will happen by itself. */
  gaveUp?(payload: Payload, attempt: JobAttempt): Promise<void>;
}

export type JobHandlerClass = abstract new (...args: never[]) => JobHandlerInstance<never>;

const HANDLES = Symbol('qingnang.job');

/** Marks a class of `apps/worker` as the one handler of a job. */
export function JobHandler<Payload>(job: JobDefinition<Payload>) {
  return (target: abstract new (...args: never[]) => JobHandlerInstance<Payload>): void => {
    Reflect.defineMetadata(HANDLES, job, target);
  };
}

/** Handlers by job name. Throws on a class without the decorator and on a job with two handlers. */
export function handlersByName(
  instances: readonly object[],
): Map<string, { job: JobDefinition<unknown>; handler: JobHandlerInstance<unknown> }> {
  const found = new Map<string, { job: JobDefinition<unknown>; handler: JobHandlerInstance<unknown> }>();
  for (const instance of instances) {
    const job = Reflect.getMetadata(HANDLES, instance.constructor) as JobDefinition<unknown> | undefined;
    if (!job) throw new Error(`${instance.constructor.name} handles no job: decorate it with @JobHandler`);
    if (found.has(job.name)) throw new Error(`two handlers for the job ${job.name}`);
    found.set(job.name, { job, handler: instance as JobHandlerInstance<unknown> });
  }
  return found;
}
