import { AsyncLocalStorage } from 'node:async_hooks';
import type { EntityManager } from 'typeorm';

/** What goes on around a request, so that deep code need not be handed it. */
export interface CurrentAct {
  readonly requestId: string;
  /** Whether an audit entry has been written during this request. */
  audited: boolean;
  /** Notes, in the act's own transaction, that the idempotency key of this request has been used up. */
  markDone?: (tx: Pick<EntityManager, 'query'>, subjectId: string) => Promise<void>;
}

const storage = new AsyncLocalStorage<CurrentAct>();

/** Runs `work` with the act at hand in everything it awaits. */
export function withAct<T>(act: CurrentAct, work: () => T): T {
  return storage.run(act, work);
}

export function currentAct(): CurrentAct | undefined {
  return storage.getStore();
}
