import type { RunState } from '@qingnang/contracts';
import { DomainError } from '@qingnang/kernel';

/** From each state those that may follow; `lost` and `failed` go back to the queue as the next attempt. */
const next: Record<RunState, readonly RunState[]> = {
  queued: ['starting', 'paused', 'cancelled'],
  starting: ['running', 'queued', 'paused', 'succeeded', 'failed', 'cancelled', 'lost'],
  running: ['queued', 'paused', 'succeeded', 'failed', 'cancelled', 'lost'],
  paused: ['queued', 'cancelled'],
  failed: ['queued'],
  lost: ['queued', 'paused', 'failed', 'cancelled'],
  succeeded: [],
  cancelled: [],
};

/** @throws DomainError `run.wrong_state` (409) */
export function checkRunTransition(from: RunState, to: RunState): void {
  if (next[from].includes(to)) return;
  throw new DomainError({
    code: 'run.wrong_state',
    status: 409,
    detail: `A run that is ${from} cannot become ${to}: read it again, then choose what it can still do.`,
    details: { from, to },
  });
}
