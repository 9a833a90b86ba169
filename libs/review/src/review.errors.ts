import { DomainError } from '@qingnang/kernel';

export type WhatHappened = 'elsewhere' | 'taken' | 'released' | 'answered' | 'removed';

/** The slot went to somebody else, or back to the queue; the draft is kept. */
export function leaseLost(slotId: string, what: WhatHappened): DomainError {
  const happened: Record<WhatHappened, string> = {
    elsewhere: 'You have gone on with this task in another window or on another device.',
    removed: 'You are no longer a member of this project.',
    taken: 'Your time on this task ran out and somebody else has it now.',
    released: 'Your time on this task ran out and it went back to the queue.',
    answered: 'This task has been answered already.',
  };
  return new DomainError({
    code: 'slot.lease_lost',
    status: 409,
    detail: `${happened[what]} Your text is kept${what === 'elsewhere' ? ' here' : ' as a draft'}.`,
    details: { slotId, what },
  });
}

/** The record was put aside while somebody had it in hand; the draft is kept. */
export function recordHeldBack(slotId: string): DomainError {
  return new DomainError({
    code: 'slot.record_held_back',
    status: 409,
    detail: 'This record was held back meanwhile. Your text is kept as a draft, and it comes back with the record.',
    details: { slotId },
  });
}

/** The text the answer was based on is no longer the one the task is about. */
export function baseChanged(slotId: string): DomainError {
  return new DomainError({
    code: 'slot.base_changed',
    status: 409,
    field: 'baseVersionId',
    detail:
      'The source has changed this record meanwhile. Your text is kept as a draft; take the task again to see the new words.',
    details: { slotId },
  });
}

/** Nothing more is handed out; what is in hand can still be handed in. */
export function taskSetClosed(): DomainError {
  return new DomainError({
    code: 'task_set.closed',
    status: 409,
    detail: 'This set of tasks has been closed, so it hands out nothing more. Thank you for what you did.',
  });
}
