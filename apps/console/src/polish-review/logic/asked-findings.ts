import type { FactKind } from '@qingnang/contracts';
import type { Finding } from '@qingnang/text';
import type { ApiError } from '../../providers/api-error';

interface Asked {
  n: number;
  id: string;
  kind: FactKind;
  change: Finding['change'];
  was: { start: number; end: number };
  is: { start: number; end: number };
}

/**
 * What the server wants confirmed, beside what this page has found by itself: usually the same, but the server has the
 * last word. It names places; the words are those of the texts at hand.
 */
export function askedFindings(
  failure: ApiError | null,
  turn: { n: number; original: string | null; text: string },
  found: readonly Finding[],
): readonly Finding[] {
  if (failure?.code !== 'answer.facts_unconfirmed' || turn.original === null) return found;
  const { facts = [] } = (failure.body as { details?: { facts?: Asked[] } }).details ?? {};
  const known = new Set(found.map(({ id }) => id));
  const more = facts
    .filter(({ n, id }) => n === turn.n && !known.has(id))
    .map(({ id, kind, change, was, is }) => ({
      ...{ id, kind, change },
      was: { ...was, text: turn.original!.slice(was.start, was.end) },
      is: { ...is, text: turn.text.slice(is.start, is.end) },
    }));
  return more.length === 0 ? found : [...found, ...more];
}
