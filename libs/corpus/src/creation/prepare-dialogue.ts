import type { MadeBy, PlainTurn, Turn } from '@qingnang/contracts';
import { uuidv7 } from '@qingnang/kernel';
import { dialogueHashes, findPrivate, normaliseTurns } from '@qingnang/text';

/** A text that a record is made from: words of a record (a doctor's reference answer to them, too), or a case of a suite. */
export type RecordParent = { recordId: string; versionId: string; referenceId?: string } | { suiteItemId: string };

/** One dialogue that could become a record. */
export interface Dialogue {
  turns: readonly PlainTurn[];
  /** Who wrote the words, such as the call that answered them; left out where it is who makes the record. */
  madeBy?: MadeBy;
  department?: string | null;
  /** What was noticed about the text before, beside what is found here. */
  flags?: readonly string[];
  /** Whether a call to the rehearsal model had a hand in the words; true as well where a parent's words are. */
  rehearsal?: boolean;
  /** Every text they were made from; what a file says is made from nothing. */
  parents?: readonly RecordParent[];
  llmItemId?: string | null;
}

/** A dialogue with everything its record and first version will need. */
export interface PreparedDialogue {
  recordId: string;
  versionId: string;
  identityHash: string;
  questionHash: string | null;
  department: string | null;
  questionOnly: boolean;
  turns: Turn[];
  flags: string[];
  characterCount: number;
  rehearsal: boolean;
  parents: readonly RecordParent[];
  llmItemId: string | null;
  /** The record whose row in a file changed while others still say its old words; the new words join its group. */
  derivedFromRecordId: string | null;
}

/** What became of a dialogue. */
export interface CreatedRecord {
  recordId: string;
  /** The version that says these words: the record's first, or the one an earlier record says them with. */
  versionId: string;
  /**
   * `duplicate`: a record of this data set says the same already; it gains the parents. `withdrawn`: one that was taken
   * out says the same, and nothing was stored.
   */
  outcome: 'accepted' | 'duplicate' | 'withdrawn';
}

/** Pure: the common form of the turns, their hashes, provenance and privacy flags, and ids to be. */
export function prepareDialogue(dialogue: Dialogue): PreparedDialogue {
  const { turns, questionOnly } = normaliseTurns(dialogue.turns);
  return prepareNormalised(dialogue, turns, questionOnly);
}

/** As `prepareDialogue`, of turns that a reader has brought into the common form. */
export function prepareNormalised(
  dialogue: Omit<Dialogue, 'turns'>,
  plain: readonly PlainTurn[],
  questionOnly: boolean,
): PreparedDialogue {
  const rehearsal = dialogue.rehearsal ?? false;
  const own = { ...(dialogue.madeBy ? { made_by: dialogue.madeBy } : {}), ...(rehearsal ? { rehearsal } : {}) };
  const turns = plain.map(({ role, text }, n): Turn => ({ n, role, text, ...own }));
  const { identity, question } = dialogueHashes(plain);
  const found = plain.flatMap((turn) => findPrivate(turn.text).map((span) => `private_${span.kind}`));
  return {
    recordId: uuidv7(),
    versionId: uuidv7(),
    identityHash: identity,
    questionHash: question,
    department: dialogue.department ?? null,
    questionOnly,
    turns,
    flags: [...new Set([...found, ...(dialogue.flags ?? [])])].sort(),
    characterCount: plain.reduce((sum, turn) => sum + charactersOf(turn.text), 0),
    rehearsal,
    parents: dialogue.parents ?? [],
    llmItemId: dialogue.llmItemId ?? null,
    derivedFromRecordId: null,
  };
}

const PAIRS = /[\uD800-\uDBFF][\uDC00-\uDFFF]/g;

/** A character beyond the first 65,536 has two units in a string. */
const charactersOf = (text: string): number => text.length - (text.match(PAIRS)?.length ?? 0);
