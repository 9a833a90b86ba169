import type { ReadRow } from '@qingnang/contracts';
import { type PreparedDialogue, prepareNormalised } from '../creation/prepare-dialogue.js';

export type AcceptedRow = Extract<ReadRow, { kind: 'record' }>;
export type RejectedRow = Extract<ReadRow, { kind: 'rejected' }>;

/** A row of a file with everything its record and import version will need. */
export interface PreparedRow extends PreparedDialogue {
  row: Pick<AcceptedRow, 'line' | 'rowNumber' | 'outsideId' | 'notes'>;
}

/** Pure: hashes, ids to be and privacy flags of one row. */
export function prepareRow({ turns, department, questionOnly, ...row }: AcceptedRow): PreparedRow {
  const flags = row.notes.includes('private_use_kept') ? ['private_use'] : [];
  const { line, rowNumber, outsideId, notes } = row;
  return {
    ...prepareNormalised({ department, flags }, turns, questionOnly),
    row: { line, rowNumber, outsideId, notes },
  };
}
