import type { ReadRow, Turn } from '@qingnang/contracts';
import { uuidv7 } from '@qingnang/kernel';
import { findPrivate, identityHash, questionHash } from '@qingnang/text';
import { textHash } from '../records/add-version.js';

export type AcceptedRow = Extract<ReadRow, { kind: 'record' }>;
export type RejectedRow = Extract<ReadRow, { kind: 'rejected' }>;

/** A row of a file with everything its record and import version will need. */
export interface PreparedRow {
  row: AcceptedRow;
  recordId: string;
  versionId: string;
  identityHash: string;
  questionHash: string | null;
  groupId: string;
  turns: Turn[];
  textHash: string;
  flags: string[];
  characterCount: number;
}

/** Pure: hashes, provenance and privacy flags of one row. */
export function prepareRow(row: AcceptedRow, importId: string): PreparedRow {
  const turns = row.turns.map((turn, n): Turn => ({
    n,
    role: turn.role,
    text: turn.text,
    made_by: { kind: 'import', id: importId },
    rehearsal: false,
  }));
  const identity = identityHash(row.turns);
  const question = questionHash(row.turns);
  const found = row.turns.flatMap((turn) => findPrivate(turn.text).map((span) => `private_${span.kind}`));
  return {
    row,
    recordId: uuidv7(),
    versionId: uuidv7(),
    identityHash: identity,
    questionHash: question,
    // Until the grouping job joins patients, dialogues and near duplicates: who asks the same stands together.
    groupId: (question ?? identity).slice(0, 32),
    turns,
    textHash: textHash(turns),
    flags: [...new Set([...found, ...(row.notes.includes('private_use_kept') ? ['private_use'] : [])])].sort(),
    characterCount: row.turns.reduce((sum, turn) => sum + [...turn.text].length, 0),
  };
}
