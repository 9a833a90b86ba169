import type { EntityManager } from 'typeorm';

/** Records that must stand in one split, though their groups differ: who asks the same, parent and child. */
function pairsSql(some: string): string {
  return `
    select c.group_id as a, p.group_id as b from record_parent d join record c on c.id = d.record_id
      join record p on p.id = d.parent_record_id
    where d.project_id = $1 and c.group_id <> p.group_id ${some.replaceAll('ID', 'd.record_id')}
    union
    select c.group_id, p.group_id from record c join record p on p.id = c.derived_from_record_id
    where c.project_id = $1 and c.derived_from_record_id is not null and c.group_id <> p.group_id
      ${some.replaceAll('ID', 'c.id')}
    union
    select c.group_id, p.group_id from record c join record p on p.project_id = c.project_id
      and p.question_hash = c.question_hash and p.group_id <> c.group_id
    where c.project_id = $1 and c.question_hash is not null and c.group_id <> left(c.question_hash, 32)
      ${some.replaceAll('ID', 'c.id')}`;
}

/**
 * Brings split groups together that descent or a shared question connects, so that nothing made from a text is tested on
 * while the text is trained on. Of these records only, or of the whole project, which freezing asks for.
 */
export async function joinGroups(tx: EntityManager, projectId: string, recordIds?: readonly string[]): Promise<void> {
  // A merge may lay another pair bare; each pass leaves fewer groups than before.
  for (;;) {
    const pairs: { a: string; b: string }[] = await tx.query(
      pairsSql(recordIds ? 'and ID = any($2::uuid[])' : ''),
      recordIds ? [projectId, recordIds] : [projectId],
    );
    if (pairs.length === 0) return;
    const moves = moveEach(pairs);
    await tx.query(
      `update record r set group_id = m.to_group from unnest($2::text[], $3::text[]) as m (from_group, to_group)
       where r.project_id = $1 and r.group_id = m.from_group`,
      [projectId, [...moves.keys()], [...moves.values()]],
    );
  }
}

/** Each group that moves, with the one it moves to: the first by name of all it is connected with. */
export function moveEach(pairs: readonly { a: string; b: string }[]): Map<string, string> {
  const parent = new Map<string, string>();
  const find = (group: string): string => {
    let at = group;
    for (let up = parent.get(at); up !== undefined; up = parent.get(at)) {
      const next = parent.get(up);
      // Halving the way keeps long chains short.
      if (next !== undefined) parent.set(at, next);
      at = up;
    }
    return at;
  };
  for (const { a, b } of pairs) {
    const [low, high] = [find(a), find(b)].sort() as [string, string];
    if (low !== high) parent.set(high, low);
  }
  return new Map([...parent.keys()].map((group) => [group, find(group)]));
}
