import { ApiError } from '../providers/api-error';

/** What the slot's being lost is called where another page of the same person has it. */
const ELSEWHERE = 'elsewhere';

/** The task is at hand in another page of the same person, in this browser; the server says the same of other devices. */
export function atHandElsewhere(): ApiError {
  return new ApiError(409, { code: 'slot.lease_lost', details: { what: ELSEWHERE } });
}

export function isElsewhere(lost: ApiError | null): boolean {
  return lost !== null && lossKey(lost) === ELSEWHERE;
}

/** Which sentence says why the slot is no longer one's own. */
export function lossKey(lost: ApiError): string {
  if (lost.code === 'slot.base_changed') return 'base_changed';
  if (lost.code === 'slot.record_held_back') return 'record_held_back';
  return (lost.body as { details?: { what?: string } } | undefined)?.details?.what ?? 'released';
}
