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
});
