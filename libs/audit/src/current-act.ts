import { AsyncLocalStorage } from 'node:async_hooks';
import type { EntityManager } from 'typeorm';

type Transaction = Pick<EntityManager, 'query'>;

/** The idempotency key of a request whose act answers a repetition in full, instead of with status and id. */
export interface RequestKey {
  /** Holds the key until the transaction ends. @returns the id of what an earlier request with it made */
  made(tx: Transaction): Promise<string | null>;
  /** Notes what was made, and keeps the key until then at least; a day without. */
  keep(tx: Transaction, subjectId: string, until?: Date): Promise<void>;
}

/** What goes on around a request, so that deep code need not be handed it. */
export interface CurrentAct {
  readonly requestId: string;
  /** Whether an audit entry has been written during this request. */
  audited: boolean;
  /** SHA-256 of what was streamed in, where the body is no JSON: a repetition is compared with it. */
  contentHash?: string;
  /** Notes, in the act's own transaction, that the idempotency key of this request has been used up. */
  markDone?: (tx: Transaction, subjectId: string) => Promise<void>;
  /** On routes that are safe to repeat, where a key was sent. */
  key?: RequestKey;
}

const storage = new AsyncLocalStorage<CurrentAct>();

/** Runs `work` with the act at hand in everything it awaits. */
export function withAct<T>(act: CurrentAct, work: () => T): T {
  return storage.run(act, work);
}

export function currentAct(): CurrentAct | undefined {
  return storage.getStore();
}
