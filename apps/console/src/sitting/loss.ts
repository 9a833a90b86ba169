import type { ApiError } from '../providers/api-error';

/** Which sentence says why the slot is no longer one's own. */
export function lossKey(lost: ApiError): string {
  if (lost.code === 'slot.base_changed') return 'base_changed';
  if (lost.code === 'slot.record_held_back') return 'record_held_back';
  return (lost.body as { details?: { what?: string } } | undefined)?.details?.what ?? 'released';
}
