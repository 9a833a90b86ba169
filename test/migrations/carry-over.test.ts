import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EarlierData, migrateEarlierData } from './earlier-data.js';

let data: EarlierData;
beforeAll(async () => {
  data = await migrateEarlierData();
});
afterAll(() => data?.close());

/**
 * Whoever writes a migration adds an `it` for what it carries over: `data.before('table')` are the rows as they were,
 * `data.now('select …')` those of today's schema.
 */
describe('data of an earlier version, brought up to today', () => {
  it('keeps every row of what people made', async () => {
    const kept = [
      'person',
      'project',
      'source',
      'upload',
      'record',
      'version',
      'approval',
      'task_set',
      'slot',
      'draft',
    ];
    const also = ['answer', 'prompt', 'reference', 'candidate', 'judgement', 'snapshot_item', 'run', 'model', 'suite'];
    for (const table of [...kept, ...also, 'import', 'occurrence', 'rejected_row', 'audit_entry']) {
      const [row] = await data.now<{ n: number }>(`select count(*)::int as n from "${table}"`);
      expect(`${table}: ${row!.n}`).toBe(`${table}: ${data.before(table).length}`);
      expect(row!.n, table).toBeGreaterThan(0);
    }
  });

  it('changes no word of a version, and no approval', async () => {
    const text = (row: { id?: unknown; turns?: unknown }) => [row.id, row.turns];
    const versions = await data.now<{ id: string; turns: unknown }>('select id, turns from version order by id');
    expect(versions.map(text)).toEqual(data.before('version').map(text).sort());
    const approvals = await data.now<{ id: string }>('select id from approval where until_at is null order by id');
    const before = data.before('approval').filter((row) => row.until_at === null);
    expect(approvals.map((row) => row.id)).toEqual(before.map((row) => row.id).sort());
  });

  it('leaves frozen snapshots as they were, to the digest', async () => {
    const fields = ({ id, state, digest, manifest, selection }: Record<string, unknown>) => ({
      id,
      state,
      digest,
      manifest,
      selection,
    });
    const byId = (a: { id: unknown }, b: { id: unknown }) => (String(a.id) < String(b.id) ? -1 : 1);
    const now = await data.now('select id, state, digest, manifest, selection from snapshot');
    expect(now.map(fields).sort(byId)).toEqual(data.before('snapshot').map(fields).sort(byId));
  });

  it('says of each row of a file which version it said, and in which file', async () => {
    const rows = await data.now<{ id: string; question: string; upload_id: string; outside_id: string }>(
      `select o.id, v.turns -> 0 ->> 'text' as question, f.upload_id, o.outside_id
       from occurrence o join version v on v.id = o.version_id and v.record_id = o.record_id
         join import_file f on f.import_id = o.import_id and f.n = o.file_n`,
    );
    expect(rows).toHaveLength(data.before('occurrence').length);
    const uploadOf = new Map(data.before('import').map((row) => [row.id, row.upload_id]));
    const importOf = new Map(data.before('occurrence').map((row) => [row.id, row.import_id]));
    for (const row of rows) expect(row.upload_id).toBe(uploadOf.get(importOf.get(row.id)));
    // The record was rewritten when the hospital numbered its rows anew; the test set never said those words.
    expect(rows.find((row) => row.outside_id === 't1')?.question).toBe('胃痛三天怎么办');
    const hospital = rows.filter((row) => row.outside_id === '1').map((row) => row.question);
    expect(hospital.sort()).toEqual(['手指割伤', '胃痛三天怎么办']);
    expect(rows.find((row) => row.outside_id === 'w1')?.question).toBe('手指割伤');
  });

  it('counts rows that replaced others apart, and keeps read = accepted + replaced + duplicate + rejected', async () => {
    const counts = await data.now<{ id: string; known_ids: string; accepted: number; replaced: number; read: number }>(
      `select id, known_ids, accepted_count as accepted, replaced_count as replaced, read_count as read from import
       where read_count = accepted_count + replaced_count + duplicate_count + rejected_count`,
    );
    const before = new Map(data.before('import').map((row) => [row.id, row]));
    expect(counts).toHaveLength(before.size);
    for (const row of counts) {
      expect(row.accepted + row.replaced).toBe(before.get(row.id)!.accepted_count);
      expect(row.known_ids).toBe('replace');
    }
    // The hospital's second file: two ids known with other words.
    expect(counts.map((row) => row.replaced).filter((n) => n > 0)).toEqual([2]);
  });
});
