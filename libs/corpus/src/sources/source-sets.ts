import type { EntityManager } from 'typeorm';
import { FROM_CASES, lineSql } from '../creation/line-sql.js';
import { allowedUseSql, deidentifiedSql, ownSetIdSql, setIdSql } from './source-set-sql.js';

/** One source by itself: the set of everything that only it said. The caller holds the source (`lockSource`). */
export async function setOfSource(tx: EntityManager, source: { id: string; projectId: string }): Promise<string> {
  const [own]: { id: string }[] = await tx.query(
    `select ${ownSetIdSql('x')} as id from (select $1::uuid as project_id, $2::uuid as source_id, array[$2::uuid] as sources) x`,
    [source.projectId, source.id],
  );
  await insertSets(tx, source.projectId, [
    { set_id: own!.id, source_id: source.id, sources: [source.id], above: [], from_case: false },
  ]);
  return own!.id;
}

/**
 * Works out anew which sources said these records, and lets whatever descends from them follow. A record's sources are
 * the one it is listed under (`listedUnder` names another), and those of its rows in files whose import was not taken back.
 */
export async function refreshSourceSets(
  tx: EntityManager,
  projectId: string,
  recordIds: readonly string[],
  listedUnder: ReadonlyMap<string, string> = new Map(),
): Promise<void> {
  if (recordIds.length === 0) return;
  // Against a change of any of these sources, which waits until the sets made here can be seen, or is seen here.
  await lockSets(tx, projectId, 'shared');
  const affected: { id: string }[] = await tx.query(
    `with recursive affected (id) as (
       select unnest($1::uuid[])
       union select p.record_id from record_parent p join affected a on p.parent_record_id = a.id)
     select id from record where id in (select id from affected) order by id for no key update`,
    [recordIds],
  );
  const wanted: WantedSet[] = await tx.query(WANTED, [
    affected.map((record) => record.id),
    recordIds,
    JSON.stringify([...listedUnder].map(([record_id, source_id]) => ({ record_id, source_id }))),
  ]);
  if (wanted.length === 0) return;
  await insertSets(tx, projectId, wanted);
  await tx.query(
    `update record r set source_set_id = x.set_id, updated_at = now()
     from jsonb_to_recordset($1::jsonb) as x (record_id uuid, set_id uuid) where r.id = x.record_id`,
    [JSON.stringify(wanted.map(({ record_id, set_id }) => ({ record_id, set_id })))],
  );
}

/** After a source has changed, in the same transaction: what every set that holds it allows now. */
export async function rewriteSets(tx: EntityManager, projectId: string, sourceId: string): Promise<void> {
  await lockSets(tx, projectId, 'alone');
  await tx.query(
    `update source_set w set allowed_use = ${allowedUseSql('w')}, deidentified = ${deidentifiedSql('w')}
     where w.project_id = $1 and (w.sources @> array[$2::uuid] or exists (
       select from source_set a where a.id = any(w.above) and a.sources @> array[$2::uuid]))`,
    [projectId, sourceId],
  );
}

/** Whoever makes sets of several sources shares this lock; whoever changes a source holds it alone. */
async function lockSets(tx: EntityManager, projectId: string, how: 'shared' | 'alone'): Promise<void> {
  await tx.query(`select pg_advisory_xact_lock${how === 'shared' ? '_shared' : ''}(hashtextextended($1, 0))`, [
    `source_set:${projectId}`,
  ]);
}

interface SetRow {
  set_id: string;
  source_id: string;
  sources: string[];
  above: string[];
  from_case: boolean;
}

interface WantedSet extends SetRow {
  record_id: string;
  /** Those above it, which may not stand anywhere yet. */
  above_sets: SetRow[] | null;
}

/**
 * Of the records $1, those whose set is another by now, with its parts: of $2 the sources are read anew, with $3 as what
 * some are listed under; those of the rest, and of everything above, are as their sets say.
 */
const WANTED = `
  with recursive ${lineSql('select unnest($1::uuid[]) as id')},
  named (record_id, source_id) as (
    select * from jsonb_to_recordset($3::jsonb) as x (record_id uuid, source_id uuid)),
  own as (
    select r.id as record_id, r.project_id, said.source_id,
      case when r.id <> all($2::uuid[]) then w.sources else array(
        select said.source_id
        union select o.source_id from occurrence o join import i on i.id = o.import_id
          where o.record_id = r.id and i.state not in ('undoing', 'undone')
        order by 1) end as sources
    from record r join source_set w on w.id = r.source_set_id left join named n on n.record_id = r.id,
      lateral (select coalesce(n.source_id, w.source_id) as source_id) said
    where r.id in (select record_id from line)),
  above as (
    select l.root, array_agg(distinct ${ownSetIdSql('o')}) as ids,
      jsonb_agg(distinct jsonb_build_object('set_id', ${ownSetIdSql('o')}, 'source_id', o.source_id,
        'sources', o.sources, 'above', '[]'::jsonb, 'from_case', false)) as sets
    from line l join own o using (record_id) where l.record_id <> l.root group by l.root),
  parts as (
    select o.*, coalesce(a.ids, '{}') as above, a.sets as above_sets,
      o.record_id in (select root from (${FROM_CASES}) cases) as from_case
    from own o left join above a on a.root = o.record_id where o.record_id = any($1::uuid[])),
  whole as (
    select p.*, ${setIdSql({
      projectId: 'p.project_id',
      sourceId: 'p.source_id',
      sources: 'p.sources',
      above: 'p.above',
      fromCase: 'p.from_case',
    })} as set_id from parts p)
  select w.record_id, w.set_id, w.source_id, w.sources, w.above, w.from_case, w.above_sets
  from whole w join record r on r.id = w.record_id where r.source_set_id <> w.set_id`;

/** Writes sets that do not stand yet; first those above others, whose uses the others take. */
async function insertSets(
  tx: EntityManager,
  projectId: string,
  sets: readonly (SetRow & { above_sets?: SetRow[] | null })[],
): Promise<void> {
  const lower = new Map(
    sets.map(({ set_id, source_id, sources, above, from_case }) => [
      set_id,
      { set_id, source_id, sources, above, from_case },
    ]),
  );
  const upper = new Map(sets.flatMap((set) => set.above_sets ?? []).map((set) => [set.set_id, set]));
  for (const rows of [upper, lower]) {
    if (rows.size === 0) continue;
    await tx.query(
      `insert into source_set (id, project_id, source_id, sources, above, from_case, allowed_use, deidentified)
       select x.set_id, $2, x.source_id, x.sources, x.above, x.from_case, ${allowedUseSql('x')}, ${deidentifiedSql('x')}
       from jsonb_to_recordset($1::jsonb)
         as x (set_id uuid, source_id uuid, sources uuid[], above uuid[], from_case boolean)
       where not exists (select from source_set known where known.id = x.set_id)
       order by x.set_id on conflict (id) do nothing`,
      [JSON.stringify([...rows.values()]), projectId],
    );
  }
}
