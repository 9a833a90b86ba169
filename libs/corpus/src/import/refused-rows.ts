import { type ImportSentence, sayInEnglish } from '@qingnang/contracts';
import { MAX_RAW_CHARACTERS } from '../readers/cutting/raw-row.js';
import type { PreparedRow, RejectedRow } from '../preparing/prepare-row.js';

/** A row of a known id with other words, as it is kept among the refused. */
export function refuseId(prepared: PreparedRow, reason: 'id_known' | 'id_ambiguous'): RejectedRow {
  const { outsideId } = prepared.row;
  const turns = prepared.turns.map(({ role, text }) => ({ role, text }));
  return refused(prepared, reason, 'id', JSON.stringify({ id: outsideId, turns }).slice(0, MAX_RAW_CHARACTERS));
}

/** A row whose words were withdrawn: what was erased on request is not kept a second time. */
export function asWithdrawn(prepared: PreparedRow): RejectedRow {
  return refused(prepared, 'withdrawn', null, '');
}

function refused(
  { row }: PreparedRow,
  reason: ImportSentence & RejectedRow['reason'],
  field: string | null,
  raw: string,
): RejectedRow {
  const { line, rowNumber } = row;
  const detail = sayInEnglish(reason);
  return { kind: 'rejected', line, rowNumber, reason, field, detail, said: { say: reason, facts: {} }, raw };
}
