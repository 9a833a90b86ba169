import {
  countPhrases,
  politePhrases,
  rudePhrases,
  structureMarkers,
  vaguePhrases,
  withoutCourtesy,
} from './courtesy.js';

export const judgeDimensions = ['correctness', 'richness', 'consistency', 'diagnosis', 'friendliness'] as const;
export type JudgeDimension = (typeof judgeDimensions)[number];
export type JudgeScores = Record<JudgeDimension, number>;

export interface JudgeSubject {
  /** What the patient said, all turns. */
  question: string;
  /** The doctor's own answer; without one the question stands in for it. */
  reference?: string | null | undefined;
  text: string;
}

const NOT_WORDS = /[\s\p{P}\p{S}]+/gu;

/** Character bigrams of the text without punctuation, in order, repeated ones included. */
function bigrams(text: string): string[] {
  const characters = [...text.replace(NOT_WORDS, '')];
  return characters.slice(1).map((character, i) => characters[i]! + character);
}

function share(part: ReadonlySet<string>, whole: ReadonlySet<string>): number {
  if (whole.size === 0) return 0;
  let hits = 0;
  for (const gram of whole) if (part.has(gram)) hits++;
  return hits / whole.size;
}

/** Share of the text's bigrams that had been said before in it: 0 for ordinary text, towards 1 for padding. */
export function repetition(text: string): number {
  const all = bigrams(text.toLowerCase());
  if (all.length === 0) return 0;
  const surplus = 1 - new Set(all).size / all.length;
  // Ordinary answers repeat about a tenth (of English letters nearly half); only what goes beyond counts.
  const usual = /\p{Script=Han}/u.test(text) ? 0.12 : 0.2 + Math.min(0.35, all.length / 800);
  return Math.max(0, surplus - usual) / (1 - usual);
}

const within = (low: number, value: number, high: number): number => Math.max(low, Math.min(high, value));

/**
 * The rehearsal judge's rule, 1 to 10 a dimension, not rounded. An answer gains by covering what the reference says
 * (correctness), by many different clauses in a visible order (richness), by staying with the reference and the
 * question (consistency), by committing itself or asking what decides (diagnosis) and by courtesy (friendliness). Saying the
 * same again only loses.
 */
export function scoreAnswer({ question, reference, text }: JudgeSubject): JudgeScores {
  const said = new Set(bigrams(withoutCourtesy(text)));
  const asked = new Set(bigrams(withoutCourtesy(question)));
  const wanted = reference ? new Set(bigrams(withoutCourtesy(reference))) : asked;
  const repeated = repetition(text);
  const vague = Math.min(2, countPhrases(text, vaguePhrases));
  const rude = Math.min(2, countPhrases(text, rudePhrases));
  const polite = Math.min(3, countPhrases(text, politePhrases));
  const ordered = Math.min(2, countPhrases(text, structureMarkers));
  const covered = share(said, wanted);
  const grounded = share(new Set([...wanted, ...asked]), said);
  const clauses = new Set(
    withoutCourtesy(text)
      .split(/[，。；！？,.;!?\n]+/u)
      .filter((clause) => clause.trim().length > 1),
  );
  const fullness = Math.min(1, said.size / Math.max(14, Math.min(wanted.size, 160)));
  return {
    correctness: within(1, 2 + 8 * Math.min(1, covered / 0.7) - 3 * repeated - 1.5 * vague, 10),
    richness: within(1, 1 + 4.5 * fullness + 0.75 * Math.min(3, clauses.size) + ordered - 7 * repeated - 2 * vague, 10),
    consistency: within(1, 2 + 8 * Math.min(1, grounded / 0.6) - 6 * repeated - vague - rude, 10),
    diagnosis: within(1, 4 + commitment(text) - 1.5 * vague - 3 * repeated, 10),
    friendliness: within(1, 4 + 2 * polite - 3 * rude - 2 * repeated, 10),
  };
}

const COMMITS = /考虑|诊断|多由|多是|应该是|属于|主要是|常见原因是|most likely|suggests|consistent with|probably/iu;
const REASONS = /因为|由于|引起|所致|有关|导致|because|caused by|due to/iu;
const LISTS = /可能.{0,20}(?:也可能|或者|还可能)|多种可能|might be .{0,40}\bor\b/iu;

/** What a doctor's judgement shows in: a diagnosis, its reason, a question back; a list of possibilities is none. */
function commitment(text: string): number {
  const listed = LISTS.test(text) ? 2.5 : 0;
  return (COMMITS.test(text) ? 2.5 : 0) + (REASONS.test(text) ? 1.5 : 0) + (/[？?]/u.test(text) ? 1 : 0) - listed;
}

/** How much of what the doctor said a reply says too, 1 to 10; what it says beside costs nothing. */
export function agreementWith(reference: string, text: string): number {
  const wanted = new Set(bigrams(withoutCourtesy(reference)));
  return within(1, 2 + 8 * Math.min(1, share(new Set(bigrams(withoutCourtesy(text))), wanted) / 0.7), 10);
}

/** Mean of the dimensions. */
export function totalScore(scores: JudgeScores): number {
  return judgeDimensions.reduce((sum, dimension) => sum + scores[dimension], 0) / judgeDimensions.length;
}

/** Whole points, as a judge writes them. */
export function roundScores(scores: JudgeScores): JudgeScores {
  const rounded = { ...scores };
  for (const dimension of judgeDimensions) rounded[dimension] = Math.round(scores[dimension]);
  return rounded;
}

/** Closer than this, two answers are called equal. */
export const TIE_MARGIN = 0.15;

/** Positive when `a` is better; compares totals that are not rounded. */
export function compareAnswers(question: string, reference: string | null | undefined, a: string, b: string): number {
  const total = (text: string): number => totalScore(scoreAnswer({ question, reference, text }));
  return total(a) - total(b);
}
