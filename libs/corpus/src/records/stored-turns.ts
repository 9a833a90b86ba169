import type { MadeBy, Turn } from '@qingnang/contracts';

/**
 * Turns as a version keeps them: who made one stands at it only where it is not who made the version, and the mark of the
 * rehearsal model only where it is set. A row of a file says this of every turn, millions of times.
 */
export function storedTurns(turns: readonly Turn[], madeBy: MadeBy): Turn[] {
  return turns.map(({ n, role, text, made_by: maker, rehearsal }) => ({
    n,
    role,
    text,
    ...(maker && (maker.kind !== madeBy.kind || maker.id !== madeBy.id) ? { made_by: maker } : {}),
    ...(rehearsal ? { rehearsal } : {}),
  }));
}
