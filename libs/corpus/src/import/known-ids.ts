import type { EntityManager } from 'typeorm';
import type { Turn } from '@qingnang/contracts';
import { identityHash } from '@qingnang/text';
import type { ImportEntity } from './import.entity.js';
import type { PreparedRow } from '../preparing/prepare-row.js';

/** What to do with a row by what its source is known to have said under its id. */
export type IdVerdict = 'id_known' | 'id_ambiguous' | { replaces: string };

interface Saying {
  outside_id: string;
  record_id: string;
  /** Of the words said then, in the record's words of today; the turns stand here where those are others by now. */
  identity_hash: string;
  turns: Turn[] | null;
  outcome: string;
  /** By a row of this very import. */
  here: boolean;
}

/**
 * Rows whose source and id are known, from an earlier import into this data set, with other words: refused, or told which
 * record they replace, as was chosen for the import. All other rows get no verdict. An id that stands for several records,
 * or that this import has brought once already, does not tell which of them changed.
 */
export async function judgeKnownIds(
  tx: EntityManager,
  job: ImportEntity,
  prepared: readonly PreparedRow[],
): Promise<Map<PreparedRow, IdVerdict>> {
  const verdicts = new Map<PreparedRow, IdVerdict>();
  const withId = prepared.filter((row) => row.row.outsideId !== null);
  if (withId.length === 0 || job.knownIds === 'keep_both') return verdicts;
  const known = new Map<string, Saying[]>();
  for (const saying of await readSayings(tx, job, withId)) {
    known.set(saying.outside_id, [...(known.get(saying.outside_id) ?? []), saying]);
  }
  const seen = new Map<string, Map<string, IdVerdict | null>>();
  for (const row of withId) {
    const id = row.row.outsideId!;
    const here = seen.get(id) ?? new Map<string, IdVerdict | null>();
    seen.set(id, here);
    const same = here.get(row.identityHash);
    const verdict = same === undefined ? judge(job, known.get(id) ?? [], row, here.size > 0) : refusalOf(same);
    here.set(row.identityHash, verdict);
    if (verdict) verdicts.set(row, verdict);
  }
  return verdicts;
}

/** The same row again shares its refusal; the one that replaced makes it a duplicate. */
const refusalOf = (verdict: IdVerdict | null): IdVerdict | null => (typeof verdict === 'string' ? verdict : null);

function judge(
  job: ImportEntity,
  sayings: readonly Saying[],
  row: PreparedRow,
  seenInBatch: boolean,
): IdVerdict | null {
  // Repeated within one file alone, an id names several records from the start.
  const known = sayings.some((saying) => !saying.here || saying.outcome === 'replaced');
  if (!known || sayings.some((saying) => saidHash(saying) === row.identityHash)) return null;
  const records = new Set(sayings.map((saying) => saying.record_id));
  if (records.size > 1) return 'id_ambiguous';
  if (job.knownIds === 'refuse') return 'id_known';
  if (seenInBatch || sayings.some((saying) => saying.here)) return 'id_ambiguous';
  return { replaces: sayings[0]!.record_id };
}

const saidHash = ({ turns, identity_hash }: Saying): string => (turns ? identityHash(turns) : identity_hash);

/** What the source says under these ids: since a row last replaced another, only what has been said from there on. */
function readSayings(tx: EntityManager, job: ImportEntity, withId: readonly PreparedRow[]): Promise<Saying[]> {
  return tx.query(
    `with said as (
       select o.id, o.outside_id, o.record_id, o.version_id, o.outcome, o.import_id,
         encode(r.identity_hash, 'hex') as identity_hash, r.import_version_id
       from occurrence o join record r on r.id = o.record_id
       where o.source_id = $1 and o.outside_id = any($3::text[]) and r.data_set = $4 and r.state <> 'withdrawn')
     select s.outside_id, s.record_id, s.identity_hash, s.outcome, s.import_id = $2 as here,
       case when s.version_id <> s.import_version_id then v.turns end as turns
     from said s join version v on v.id = s.version_id
     where not exists (select from said later where later.outside_id = s.outside_id and later.outcome = 'replaced'
       and later.id > s.id)`,
    [job.sourceId, job.id, withId.map((row) => row.row.outsideId), job.dataSet],
  );
}
