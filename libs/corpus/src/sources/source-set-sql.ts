/** All uses there are, in their order. */
const USES = `array['train', 'evaluate', 'reference', 'release']`;

/** What a set is made of, as SQL expressions. */
export interface SetParts {
  projectId: string;
  /** The source a record is listed and released under. */
  sourceId: string;
  /** Every source that said the words, that one among them, sorted. */
  sources: string;
  /** Sets without any above them: of what the words were made from, at any remove, sorted. */
  above: string;
  /** Whether a case of an evaluation suite is among what they were made from. */
  fromCase: string;
}

/** The id of a set, as SQL: a digest of its parts, so that whoever needs the same set writes the same row. */
export function setIdSql(parts: SetParts): string {
  const { projectId, sourceId, sources, above, fromCase } = parts;
  const text = `concat_ws('|', ${projectId}, ${sourceId}, ${sources}, ${above}, ${fromCase})`;
  return `encode(substr(sha256(convert_to(${text}, 'UTF8')), 1, 16), 'hex')::uuid`;
}

/** Sources of one set alone, as SQL over an alias with `source_id` and `sources`. */
export function ownSetIdSql(of: string): string {
  return setIdSql({
    projectId: `${of}.project_id`,
    sourceId: `${of}.source_id`,
    sources: `${of}.sources`,
    above: `'{}'::uuid[]`,
    fromCase: 'false',
  });
}

/**
 * What a set allows, as SQL over an alias with the columns of `source_set`: words may be trained on, shown as a reference
 * or released only if every source that said them allows it, and evaluated with if any does; made from other texts, they
 * take the narrowest use of all of these; made from a case of a suite, they can only be evaluated with.
 */
export function allowedUseSql(of: string): string {
  return `array(
    select u.use from unnest(${USES}) with ordinality u (use, place)
    where (u.use = 'evaluate' or not ${of}.from_case) and not exists (
      select from (select ${of}.sources as members
        union all select a.sources from source_set a where a.id = any(${of}.above)) said
      where case when u.use = 'evaluate'
        then not exists (select from source s where s.id = any(said.members) and u.use = any(s.allowed_use))
        else exists (select from source s where s.id = any(said.members) and not u.use = any(s.allowed_use)) end)
    order by u.place)`;
}

/** Whether every source that said the words is declared de-identified. What they were made from is judged apart. */
export function deidentifiedSql(of: string): string {
  return `(select bool_and(s.deidentified) from source s where s.id = any(${of}.sources))`;
}
