import type { PlainTurn } from '@qingnang/contracts';
import { sha256 } from '@qingnang/kernel';

const SENTENCE_PUNCTUATION = ',.;:!?、~…';
const PUNCTUATION_RUN = new RegExp(`([${SENTENCE_PUNCTUATION}])(?:\\s*[${SENTENCE_PUNCTUATION}])+`, 'gu');

/**
 * What two texts must share to be the same text: NFKC (full and half width, compatibility forms), nothing invisible
 * (zero-width marks, variation selectors), lower case, one kind of full stop and quotation mark, runs of sentence
 * punctuation cut to the first, white space only between Latin words. Minus signs and brackets stay: `(-5)` is not `(5)`.
 */
export function normaliseForIdentity(text: string): string {
  return text
    .replace(/[\p{Cf}\p{Variation_Selector}]/gu, '')
    .normalize('NFKC')
    .toLowerCase()
    .normalize('NFKC')
    .replace(/[。.．]/gu, '.')
    .replace(/[“”„«»「」『』]/gu, '"')
    .replace(/[‘’]/gu, "'")
    .replace(PUNCTUATION_RUN, '$1')
    .replace(/\s+/gu, ' ')
    .replace(/ (?![\p{Script=Latin}\p{N}])|(?<![\p{Script=Latin}\p{N}]) /gu, '');
}

const normalised = (turns: readonly PlainTurn[]): PlainTurn[] =>
  turns.map(({ role, text }) => ({ role, text: normaliseForIdentity(text) }));

const identityOf = (turns: readonly PlainTurn[]): string =>
  sha256(JSON.stringify(turns.map((turn) => [turn.role, turn.text])));

function questionOf(turns: readonly PlainTurn[]): string | null {
  const firstDoctor = turns.findIndex((turn) => turn.role === 'doctor');
  const before = turns.slice(0, firstDoctor === -1 ? turns.length : firstDoctor);
  const question = before.filter((turn) => turn.role === 'patient').map((turn) => turn.text);
  return question.length === 0 ? null : sha256(JSON.stringify(question));
}

/** Two dialogues with the same hash say the same, turn by turn. Hex SHA-256. */
export function identityHash(turns: readonly PlainTurn[]): string {
  return identityOf(normalised(turns));
}

/**
 * Hash of what the patient said before the first doctor turn; system turns don't count, since the same question under
 * another system text is the same question. Null when the doctor speaks first: such dialogues share nothing by that.
 */
export function questionHash(turns: readonly PlainTurn[]): string | null {
  return questionOf(normalised(turns));
}

/** Both hashes at the price of one. */
export function dialogueHashes(turns: readonly PlainTurn[]): { identity: string; question: string | null } {
  const plain = normalised(turns);
  return { identity: identityOf(plain), question: questionOf(plain) };
}
