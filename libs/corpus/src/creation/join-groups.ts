import type { EntityManager } from 'typeorm';

/**
 * A record's split group, as SQL over `record r` and its `record_signal g`, left joined: who asks the same stands
 * together, until grouping finds what else connects them.
 */
export const GROUP_ID = groupSql('r', 'g');

function groupSql(record: string, signal: string): string {
  return `coalesce(${signal}.group_id, substr(coalesce(${record}.question_hash, ${record}.identity_hash), 1, 16))`;
}

/** Of one side of a pair: its group and, where it stands in it by its words alone, their hash. */
function sideSql(name: string, record: string, signal: string): string {
  const ownWords = `${signal}.record_id is null`;
  return `encode(${groupSql(record, signal)}, 'hex') as ${name},
    case when ${ownWords} then encode(${record}.question_hash, 'hex') end as ${name}_question,
    case when ${ownWords} and ${record}.question_hash is null then ${record}.id end as ${name}_record`;
}

/** Records that must stand in one split, though their groups differ: parent and child, who asks the same. */
function pairsSql(some: string): string {
  const columns = `${sideSql('a', 'c', 'cg')}, ${sideSql('b', 'p', 'pg')}`;
  const signals = `left join record_signal cg on cg.record_id = c.id left join record_signal pg on pg.record_id = p.id`;
  const differ = `${groupSql('c', 'cg')} <> ${groupSql('p', 'pg')}`;
  return `
    select ${columns} from record_parent d join record c on c.id = d.record_id
      join record p on p.id = d.parent_record_id ${signals}
    where d.project_id = $1 and ${differ} ${some}
    union
    select ${columns} from record c join record p on p.id = c.derived_from_record_id ${signals}
    where c.project_id = $1 and c.derived_from_record_id is not null and ${differ} ${some}
    union
    select ${columns} from record_signal cg join record c on c.id = cg.record_id
      join record p on p.question_hash = c.question_hash and p.project_id = c.project_id
      left join record_signal pg on pg.record_id = p.id
    where cg.project_id = $1 and ${differ} ${some}`;
}

type Pair = { a: string; b: string } & Record<`${'a' | 'b'}_${'question' | 'record'}`, string | null>;

/**
 * Brings split groups together that descent or a shared question connects, so that nothing made from a text is tested on
 * while the text is trained on. Of these records only, or of the whole project, which freezing asks for.
 */
export async function joinGroups(tx: EntityManager, projectId: string, recordIds?: readonly string[]): Promise<void> {
  // A merge may lay another pair bare; each pass leaves fewer groups than before.
  for (;;) {
    const pairs: Pair[] = await tx.query(
      pairsSql(recordIds ? 'and c.id = any($2::uuid[])' : ''),
      recordIds ? [projectId, recordIds] : [projectId],
    );
    if (pairs.length === 0) return;
    const moves = moveEach(pairs);
    await tx.query(
      `update record_signal g set group_id = decode(m.to_group, 'hex')
       from unnest($2::text[], $3::text[]) as m (from_group, to_group)
       where g.project_id = $1 and g.group_id = decode(m.from_group, 'hex')`,
      [projectId, [...moves.keys()], [...moves.values()]],
    );
    await signOwnWords(tx, projectId, pairs, moves);
  }
}

/** Records that stood in a group that moved by their words alone, and all that ask the same, get a signal that says so. */
async function signOwnWords(
  tx: EntityManager,
  projectId: string,
  pairs: readonly Pair[],
  moves: ReadonlyMap<string, string>,
): Promise<void> {
  const sides = pairs.flatMap((pair) => [
    { group: pair.a, question: pair.a_question, record: pair.a_record },
    { group: pair.b, question: pair.b_question, record: pair.b_record },
  ]);
  const moved = new Map<string, { to_group: string; question: string | null; record: string | null }>();
  for (const { group, question, record } of sides) {
    const to = moves.get(group);
    if (to !== undefined && (question ?? record)) moved.set((question ?? record)!, { to_group: to, question, record });
  }
  if (moved.size === 0) return;
  await tx.query(
    `insert into record_signal (record_id, project_id, group_id)
     select r.id, r.project_id, decode(m.to_group, 'hex')
     from jsonb_to_recordset($2::jsonb) as m (to_group text, question text, record uuid)
     join record r on r.question_hash = decode(m.question, 'hex') and r.project_id = $1
     where not exists (select from record_signal g where g.record_id = r.id)
     union
     select r.id, r.project_id, decode(m.to_group, 'hex')
     from jsonb_to_recordset($2::jsonb) as m (to_group text, question text, record uuid)
     join record r on r.id = m.record
     where not exists (select from record_signal g where g.record_id = r.id)
     on conflict (record_id) do nothing`,
    [projectId, JSON.stringify([...moved.values()])],
  );
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
