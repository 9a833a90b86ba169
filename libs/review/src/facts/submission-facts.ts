import type { FactKind, NamedFact, Turn } from '@qingnang/contracts';
import { type Finding, needsConfirmation } from '@qingnang/text';
import type { FactComparer } from './fact-comparer.js';

/** A fact of one turn: whether it stands in what is handed in, or only stood in what was shown. */
export interface SubmissionFact {
  n: number;
  finding: Finding;
  stands: boolean;
}

export interface ComparedSubmission {
  facts: SubmissionFact[];
  /** False where the texts were too long to be compared in time. */
  complete: boolean;
}

interface Texts {
  original: readonly Turn[] | null;
  shown: readonly Turn[];
  /** The doctor's turns as they should read where they differ from what was shown; null for a verdict without a text. */
  edits: readonly { n: number; text: string }[] | null;
}

const NOTHING: ComparedSubmission = { facts: [], complete: true };

/** What a submission says otherwise than the doctor did, and what the words shown said otherwise before they were mended. */
export async function compareSubmission(
  comparer: FactComparer,
  { original, shown, edits }: Texts,
): Promise<ComparedSubmission> {
  const turns = shown.flatMap(({ n, role, text }) => {
    const own = original?.find((turn) => turn.n === n)?.text;
    if (role !== 'doctor' || own === undefined) return [];
    const edited = edits?.find((turn) => turn.n === n)?.text;
    return [{ n, own, text, edited: edited === text ? undefined : edited }];
  });
  if (turns.length === 0) return NOTHING;
  const pairs = turns.flatMap(({ own, text, edited }) => [
    [own, text] as const,
    ...(edited === undefined ? [] : [[own, edited] as const]),
  ]);
  const found = await comparer.compare(pairs);
  if (!found) return { facts: [], complete: false };
  let at = 0;
  const facts = turns.flatMap(({ n, edited }) => {
    const before = found[at++]!;
    const after = edits === null ? [] : edited === undefined ? before : found[at++]!;
    const standing = new Set(after.map(({ id }) => id));
    return [
      ...after.map((finding) => ({ n, finding, stands: true })),
      ...before.filter(({ id }) => !standing.has(id)).map((finding) => ({ n, finding, stands: false })),
    ];
  });
  return { facts, complete: true };
}

export const factKey = ({ n, id }: NamedFact): string => `${n}:${id}`;

/** Without the kinds that the set does not watch. */
export function watched(facts: readonly SubmissionFact[], quiet: readonly FactKind[]): SubmissionFact[] {
  return facts.filter(({ finding }) => !quiet.includes(finding.kind));
}

/** Facts that go up only when the person says that they are right, and of which nobody has said so. */
export function unconfirmed(facts: readonly SubmissionFact[], confirmed: readonly NamedFact[]): SubmissionFact[] {
  const known = new Set(confirmed.map(factKey));
  return facts.filter(
    ({ n, finding, stands }) => stands && needsConfirmation(finding) && !known.has(factKey({ n, id: finding.id })),
  );
}
