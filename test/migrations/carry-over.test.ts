import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EvaluationResults } from '@qingnang/contracts';
import { tallyDifferences } from '@qingnang/database';
import { type EarlierData, migrateEarlierData } from './earlier-data.js';

const DECIDING = 'select id from task where decides_task_id is not null';

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
      // Desks are new: what is to be decided there is said below.
      const own = { task_set: `where kind <> 'adjudication'`, slot: `where task_id not in (${DECIDING})` }[table] ?? '';
      const [row] = await data.now<{ n: number }>(`select count(*)::int as n from "${table}" ${own}`);
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

  it('counts what is there from the first moment on', async () => {
    expect(await tallyDifferences(data.dataSource.manager)).toEqual([]);
    const topics = await data.now<{ topic: string }>('select distinct topic from tally where n > 0');
    expect(topics.map(({ topic }) => topic)).toEqual(
      expect.arrayContaining(['record', 'polished', 'approval', 'task', 'slot', 'answer', 'llm_item', 'llm_call.cost']),
    );
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

  it('leaves every record its use, its group, its hashes and the source it is listed under', async () => {
    const rows = await data.now<{ id: string; set_id: string }>(
      `select r.id, w.source_id, w.allowed_use, w.id as set_id, encode(r.identity_hash, 'hex') as identity_hash,
         encode(r.question_hash, 'hex') as question_hash, coalesce(r.flags, '{}') as flags,
         encode(coalesce(g.group_id, substr(coalesce(r.question_hash, r.identity_hash), 1, 16)), 'hex') as group_id
       from record r join source_set w on w.id = r.source_set_id left join record_signal g on g.record_id = r.id
       order by r.id`,
    );
    const before = data.before('record').map((row) => ({
      ...{ id: row.id, source_id: row.source_id, allowed_use: row.allowed_use, identity_hash: row.identity_hash },
      ...{ question_hash: row.question_hash, flags: row.flags, group_id: row.group_id },
    }));
    expect(rows.map(({ set_id: _set, ...row }) => row)).toEqual(
      before.sort((a, b) => (String(a.id) < String(b.id) ? -1 : 1)),
    );
    expect(new Set(rows.map((row) => row.set_id)).size).toBeLessThan(10);
    const unsaid = await data.now(
      `select o.id from occurrence o join record r on r.id = o.record_id join source_set w on w.id = r.source_set_id
       where not w.sources @> array[o.source_id]`,
    );
    expect(unsaid).toEqual([]);
  });

  it('keeps what a suite is compared by', async () => {
    const now = await data.now(`select id, encode(question_hash, 'hex') as question_hash from suite_item order by id`);
    const before = data.before('suite_item').map(({ id, question_hash }) => ({ id, question_hash }));
    expect(now).toEqual(before.sort((a, b) => (String(a.id) < String(b.id) ? -1 : 1)));
  });

  it('gives every task a subject: its record or its prompt, under the id it had', async () => {
    const slots = await data.now<{ id: string; subject_id: string; record_id: string; kind: string }>(
      `select s.id, s.subject_id, s.record_id, o.kind from slot s join task t on t.id = s.task_id
       join subject o on o.id = s.subject_id and o.id = t.subject_id and o.record_id = s.record_id
       where t.decides_task_id is null order by s.id`,
    );
    const tasks = new Map(data.before('task').map((task) => [task.id, task]));
    const before = data.before('slot').map(({ id, task_id, record_id }) => {
      const { subject_id, subject_type: kind } = tasks.get(task_id)!;
      return { id, subject_id, record_id, kind };
    });
    expect(slots).toEqual(before.sort((a, b) => (String(a.id) < String(b.id) ? -1 : 1)));
    const [prompts] = await data.now<{ n: number }>(
      `select count(*)::int as n from prompt p join subject o on o.id = p.id and o.kind = 'prompt'`,
    );
    expect(prompts!.n).toBe(data.before('prompt').length);
    const [given] = await data.now<{ n: number }>(
      'select count(*)::int as n from assignment a join slot s on s.id = a.slot_id and s.subject_id = a.subject_id',
    );
    expect(given!.n).toBe(data.before('assignment').length);
  });

  it('puts what waited for an adjudicator before those who lead, and names the set of every answer', async () => {
    const waiting = data.before('task').filter(({ state }) => state === 'to_adjudicate');
    const put = await data.now<{ decided: string; desk: string; state: string; subject: boolean }>(
      `select k.decides_task_id as decided, q.desk, s.state, k.subject_id = t.subject_id as subject
       from task k join task t on t.id = k.decides_task_id join slot s on s.task_id = k.id
         join task_set q on q.id = k.task_set_id and q.decides_task_set_id = t.task_set_id`,
    );
    expect(put.map(({ decided }) => decided).sort()).toEqual(waiting.map(({ id }) => id).sort());
    for (const { desk, state, subject } of put) expect([desk, state, subject]).toEqual(['lead', 'open', true]);
    const [answers] = await data.now<{ n: number }>(
      'select count(*)::int as n from answer a join task t on t.id = a.task_id and t.task_set_id = a.task_set_id',
    );
    expect(answers!.n).toBe(data.before('answer').length);
  });

  it('makes two models and a judge entrants and a judge, with the same answers, verdicts and figures', async () => {
    const [was] = data.before('evaluation');
    const entrants = await data.now<{ model_id: string; kind: string }>(
      'select kind, model_id from entrant where evaluation_id = $1 order by n',
      [was!.id],
    );
    expect(entrants).toEqual([
      { kind: 'model', model_id: was!.model_a_id },
      { kind: 'model', model_id: was!.model_b_id },
    ]);
    const [judge] = await data.now('select kind, provider_id, model from evaluation_judge where evaluation_id = $1', [
      was!.id,
    ]);
    expect(judge).toEqual({ kind: 'model', provider_id: was!.judge_provider_id, model: was!.judge_model });
    const answers = await data.now<{ id: string; model_id: string; turns: { role: string; text: string }[] }>(
      'select a.id, x.model_id, a.turns from model_answer a join entrant x on x.id = a.entrant_id order by a.id',
    );
    const told = data.before('model_answer').map(({ id, model_id, text }) => ({
      ...{ id, model_id },
      turns: [{ role: 'doctor', text }],
    }));
    expect(answers).toEqual(told.sort((a, b) => (String(a.id) < String(b.id) ? -1 : 1)));
    const verdicts = await data.now<{ id: string; first: string; second: string; outcome: string }>(
      `select v.id, v.outcome, case v.shown_first when 'a' then p.a_answer_id else p.b_answer_id end as first,
         case v.shown_first when 'a' then p.b_answer_id else p.a_answer_id end as second
       from verdict v join answer_pair p on p.id = v.pair_id order by v.id`,
    );
    const said = data.before('verdict').map(({ id, outcome, first_answer_id: first, second_answer_id: second }) => ({
      ...{ id, outcome, first, second },
    }));
    expect(verdicts).toEqual(said.sort((a, b) => (String(a.id) < String(b.id) ? -1 : 1)));
    const stored = await data.now<{ summary: EvaluationResults }>('select summary from evaluation where id = $1', [
      was!.id,
    ]);
    expect(stored[0]!.summary.judges[0]!.pairs[0]!.summary).toEqual({ ...(was!.summary as object), bothBad: 0 });
  });
});
