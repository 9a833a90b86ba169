import type { ReadRow } from '@qingnang/contracts';
import { type PreparedDialogue, prepareNormalised } from '../creation/prepare-dialogue.js';

export type AcceptedRow = Extract<ReadRow, { kind: 'record' }>;
export type RejectedRow = Extract<ReadRow, { kind: 'rejected' }>;

/** A row of a file with everything its record and import version will need. */
export interface PreparedRow extends PreparedDialogue {
  row: AcceptedRow;
}

/** Pure: hashes, provenance and privacy flags of one row. */
export function prepareRow(row: AcceptedRow, importId: string): PreparedRow {
  const { turns, department, questionOnly } = row;
  const flags = row.notes.includes('private_use_kept') ? ['private_use'] : [];
  const madeBy = { kind: 'import', id: importId } as const;
  return { ...prepareNormalised({ department, flags, madeBy }, turns, questionOnly), row };
}
