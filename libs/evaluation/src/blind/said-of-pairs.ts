import type { AnswerSaid } from '@qingnang/contracts';
import type { Queryable } from '@qingnang/database';

/** What doctors said of pairs, by the ids of their verdicts. */
export async function saidOfPairs(
  db: Queryable,
  projectId: string,
  verdictIds: readonly string[],
): Promise<Map<string, AnswerSaid>> {
  const rows = await db.query<{ id: string; reason: string | null }[]>(
    'select id, left(reason, 400) as reason from verdict where project_id = $1 and id = any($2::uuid[])',
    [projectId, verdictIds],
  );
  return new Map(
    rows.map(({ id, reason }) => [id, { lines: reason ? [{ rank: null, text: reason, bad: false }] : [], use: null }]),
  );
}
