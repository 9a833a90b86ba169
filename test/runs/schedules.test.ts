import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Dashboard, ScheduleDetail } from '@qingnang/contracts';
import { sha256, uuidv7 } from '@qingnang/kernel';
import { fireSchedules } from '@qingnang/runs';
import { startApi, type TestApi } from '../support/api.js';
import { makeSnapshot, tinyRunConfig } from '../support/runs.js';

const DAY_MS = 86_400_000;

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api?.close());
// Each test looks at what its own schedules do.
beforeEach(() => api.dataSource.query(`update schedule set state = 'paused', next_at = null`));

const lead = () => api.as('data_lead');
/** The next version of a name, as freezing enters it. */
async function freezeVersion(name: string, version: number): Promise<string> {
  const { dataSource, settings, project } = api;
  const made = await makeSnapshot(dataSource, settings.dataDir, project.id, 'sft');
  const id = uuidv7();
  const manifest = await readFile(join(settings.dataDir, 'snapshots', made, 'manifest.json'), 'utf8');
  await dataSource.query(
    `insert into snapshot (id, project_id, name, version, kind, selection, manifest, digest, folder, state, frozen_at)
     values ($1, $2, $3, $4, 'sft', '{}', $5, $6, $7, 'frozen', now())`,
    [
      id,
      project.id,
      name,
      version,
      manifest,
      version === 1 ? sha256(manifest) : sha256(manifest + version),
      `snapshots/${made}`,
    ],
  );
  return id;
}
const wish = (data: string, changes: object = {}) => ({
  name: `nightly ${uuidv7()}`,
  cron: '30 2 * * *',
  template: { method: 'sft', config: tinyRunConfig, inputs: { data } },
  ...changes,
});
async function make(changes: object = {}): Promise<ScheduleDetail & { snapshot: string }> {
  const snapshot = `sft ${uuidv7()}`;
  await freezeVersion(snapshot, 1);
  const made = await lead().post('/schedules', wish(`${snapshot}@latest`, changes));
  expect(made.status, made.text).toBe(201);
  return { ...(made.body as ScheduleDetail), snapshot };
}
const read = async (id: string) => (await lead().get(`/schedules/${id}`)).body as ScheduleDetail;
const runsNamed = async (name: string): Promise<{ id: string; state: string }[]> =>
  api.dataSource.query('select id, state from run where name = $1 order by created_at', [name]);
const endRun = (name: string, state: string) =>
  api.dataSource.query(`update run set state = $2, ended_at = now() where name = $1 and state = 'queued'`, [
    name,
    state,
  ]);
const needs = async () =>
  ((await lead().get('/dashboard')).body as Dashboard).needsMe.filter(({ kind }) => kind === 'failed_schedules');
const after = (time: string | null, ms = 0) => new Date(Date.parse(time!) + ms);

describe('a schedule', () => {
  it('says its next five times in its own zone, and can be previewed before', async () => {
    const made = await make({ timeZone: 'America/New_York', cron: '0 9 * * 1' });
    expect(made).toMatchObject({
      state: 'active',
      timeZone: 'America/New_York',
      failing: false,
      last: null,
      ownerName: 'data_lead',
    });
    expect(made.upcoming).toHaveLength(5);
    expect(made.upcoming[0]).toBe(made.nextAt);
    const preview = await lead().get('/schedules/preview?cron=0+9+*+*+1&timeZone=America/New_York');
    expect(preview.body).toEqual({ times: made.upcoming });
  });

  it.each([
    ['no pattern', { cron: 'every day' }, 422, 'schedule.cron'],
    ['seconds', { cron: '0 0 2 * * *' }, 422, 'schedule.cron'],
    ['a day that never comes', { cron: '0 0 30 2 *' }, 422, 'schedule.never'],
    ['an unknown zone', { timeZone: 'Mars/Base' }, 422, 'schedule.time_zone'],
    ['an unknown snapshot', { template: { method: 'sft', inputs: { data: 'none@latest' } } }, 422, 'run.unknown_input'],
    ['a rank below 1', { template: { method: 'sft', config: { lora: { rank: 0 } } } }, 422, undefined],
    ['a setting that does not fit', { template: { method: 'sft', config: { model: { heads: 5 } } } }, 422, undefined],
  ])('is refused: %s', async (_what, changes, status, code) => {
    const snapshot = `sft ${uuidv7()}`;
    await freezeVersion(snapshot, 1);
    const refused = await lead().post('/schedules', wish(`${snapshot}@latest`, changes));
    expect(refused.status, refused.text).toBe(status);
    if (code) expect(refused.body).toMatchObject({ code });
  });

  it('keeps its name to itself, and is changed only by who has read it', async () => {
    const { id, name, revision, snapshot, timeZone } = await make({ timeZone: 'UTC' });
    const twin = await lead().post('/schedules', wish(`${snapshot}@latest`, { name }));
    expect(twin.body).toMatchObject({ status: 409, code: 'schedule.name_taken' });
    expect((await lead().patch(`/schedules/${id}`, { cron: '0 4 * * *' })).status).toBe(428);
    expect((await lead().patch(`/schedules/${id}`, { cron: '0 4 * * *' }).set('If-Match', '"9"')).status).toBe(412);
    const changed = await lead().patch(`/schedules/${id}`, { cron: '0 4 * * *' }).set('If-Match', `"${revision}"`);
    expect(changed.body, changed.text).toMatchObject({ cron: '0 4 * * *', timeZone, revision: revision + 1 });
    expect((changed.body as ScheduleDetail).nextAt).toMatch(/T04:00/);
    expect((await lead().patch(`/schedules/${id}`, { cron: '9' }).set('If-Match', '"2"')).status).toBe(422);
  });

  it('rests, goes on and goes, each as asked', async () => {
    const { id } = await make();
    expect((await lead().post(`/schedules/${id}/pause`)).body).toMatchObject({
      state: 'paused',
      nextAt: null,
      upcoming: [],
    });
    expect(await fireSchedules(api.dataSource, new Date(Date.now() + 3 * DAY_MS))).toBe(0);
    const resumed = (await lead().post(`/schedules/${id}/resume`)).body as ScheduleDetail;
    expect(Date.parse(resumed.nextAt!)).toBeGreaterThan(Date.now());
    expect((await lead().delete(`/schedules/${id}`)).status).toBe(204);
    expect((await lead().get(`/schedules/${id}`)).body).toMatchObject({ status: 404, code: 'schedule.not_found' });
  });

  it('is for those who may spend machine time', async () => {
    const { id, snapshot } = await make();
    expect((await api.nobody().get('/schedules')).status).toBe(401);
    expect((await api.as('annotator').get('/schedules')).status).toBe(403);
    expect((await api.as('reviewer').post('/schedules', wish(`${snapshot}@latest`))).status).toBe(403);
    expect((await api.as('stranger').post(`/schedules/${id}/run-now`)).status).toBe(404);
    expect((await lead().get('/schedules?state=active')).body).toMatchObject({ items: [{ id }], total: 1 });
  });
});

describe('when its time comes', () => {
  it('starts one run, of what its names mean then, and sets the next time', async () => {
    const { id, name, nextAt } = await make();
    expect(await fireSchedules(api.dataSource, after(nextAt, -1000))).toBe(0);
    expect(await fireSchedules(api.dataSource, after(nextAt))).toBe(1);
    expect(await fireSchedules(api.dataSource, after(nextAt))).toBe(0);
    expect(await runsNamed(name)).toHaveLength(1);
    const seen = await read(id);
    expect(seen.last).toMatchObject({ outcome: 'started', trigger: 'time', dueAt: nextAt, runState: 'queued' });
    expect(Date.parse(seen.nextAt!)).toBe(Date.parse(nextAt!) + DAY_MS);
    const [{ by }] = await api.dataSource.query<[{ by: string }]>('select created_by as by from run where name = $1', [
      name,
    ]);
    expect(by).toBe(api.people.data_lead.id);
  });

  it('starts one run for two workers that look at the same moment', async () => {
    const { name, nextAt } = await make();
    const fired = await Promise.all(Array.from({ length: 4 }, () => fireSchedules(api.dataSource, after(nextAt))));
    expect(fired.reduce((sum, n) => sum + n, 0)).toBe(1);
    expect(await runsNamed(name)).toHaveLength(1);
  });

  it('makes up once for times missed while nobody looked', async () => {
    const { id, name, nextAt } = await make();
    expect(await fireSchedules(api.dataSource, after(nextAt, 10 * DAY_MS + 1000))).toBe(1);
    expect(await runsNamed(name)).toHaveLength(1);
    expect(Date.parse((await read(id)).nextAt!)).toBe(Date.parse(nextAt!) + 11 * DAY_MS);
  });

  it('passes a time over while its last run is at work, and when nothing is new', async () => {
    const { id, name, nextAt, snapshot } = await make();
    await fireSchedules(api.dataSource, after(nextAt));
    await fireSchedules(api.dataSource, after(nextAt, DAY_MS));
    expect((await read(id)).last).toMatchObject({ outcome: 'skipped', code: 'schedule.still_running' });
    await endRun(name, 'succeeded');
    await fireSchedules(api.dataSource, after(nextAt, 2 * DAY_MS));
    expect((await read(id)).last).toMatchObject({ outcome: 'skipped', code: 'schedule.nothing_new' });
    expect(await runsNamed(name)).toHaveLength(1);
    await freezeVersion(snapshot, 2);
    await fireSchedules(api.dataSource, after(nextAt, 3 * DAY_MS));
    expect((await read(id)).last).toMatchObject({ outcome: 'started' });
    expect(await runsNamed(name)).toHaveLength(2);
  });

  it('waits for a person where its last run is paused, and says so', async () => {
    const { id, name, nextAt } = await make();
    await fireSchedules(api.dataSource, after(nextAt));
    const [run] = await runsNamed(name);
    await lead().post(`/runs/${run!.id}/pause`);
    expect(await read(id)).toMatchObject({ problem: { kind: 'run_paused', runId: run!.id }, failing: false });
    expect(await needs()).toEqual([]);
    await fireSchedules(api.dataSource, after(nextAt, DAY_MS));
    expect((await read(id)).last).toMatchObject({ outcome: 'skipped', code: 'schedule.run_paused' });
    expect(await needs()).toMatchObject([{ count: 1, href: `/schedules/${id}/show` }]);
    expect((await lead().post(`/schedules/${id}/run-now`)).body).toMatchObject({
      status: 409,
      code: 'schedule.run_paused',
    });
    await lead().post(`/runs/${run!.id}/cancel`);
    expect(await read(id)).toMatchObject({ problem: null });
    await lead().post(`/schedules/${id}/seen`);
  });

  it('keeps the history of three months, and what says whether it is failing', async () => {
    const { id, nextAt } = await make();
    await fireSchedules(api.dataSource, after(nextAt));
    for (const [day, outcome] of [
      [-200, 'refused'],
      [5, 'skipped'],
      [20, 'skipped'],
    ] as const) {
      await api.dataSource.query(
        `insert into schedule_tick (id, project_id, schedule_id, due_at, trigger, outcome)
         values ($1, $2, $3, $4, 'time', $5)`,
        [uuidv7(), api.project.id, id, after(nextAt, day * DAY_MS), outcome],
      );
    }
    await fireSchedules(api.dataSource, after(nextAt, 100 * DAY_MS));
    const { history } = await read(id);
    const days = history.map(({ dueAt }) => Math.round((Date.parse(dueAt) - Date.parse(nextAt!)) / DAY_MS));
    expect(days).toEqual([20, 0]);
  });

  it('can be told to start at once, whatever is new, but not beside itself', async () => {
    const { id, name, nextAt } = await make();
    const now = await lead().post(`/schedules/${id}/run-now`);
    expect(now.body, now.text).toMatchObject({ last: { trigger: 'person', outcome: 'started' }, nextAt });
    expect((await lead().post(`/schedules/${id}/run-now`)).body).toMatchObject({
      status: 409,
      code: 'schedule.still_running',
    });
    await endRun(name, 'succeeded');
    expect((await lead().post(`/schedules/${id}/run-now`)).status).toBe(202);
    expect(await runsNamed(name)).toHaveLength(2);
  });
});

describe('when it fails', () => {
  it('says so to its owner and on the dashboard until they have looked', async () => {
    const snapshot = `gone ${uuidv7()}`;
    const frozen = await freezeVersion(snapshot, 1);
    const made = (await lead().post('/schedules', wish(`${snapshot}@latest`))).body as ScheduleDetail;
    await lead().post(`/snapshots/${frozen}/withdraw`);
    await fireSchedules(api.dataSource, after(made.nextAt));
    const seen = await read(made.id);
    expect(seen).toMatchObject({ failing: true, last: { outcome: 'refused', code: 'run.unknown_input', runId: null } });
    expect(await needs()).toEqual([{ kind: 'failed_schedules', count: 1, href: `/schedules/${made.id}/show` }]);
    const { failures } = (await lead().get('/dashboard')).body as Dashboard;
    expect(failures).toContainEqual(
      expect.objectContaining({ kind: 'schedule', name: made.name, code: 'run.unknown_input' }),
    );
    expect((await lead().post(`/schedules/${made.id}/seen`)).status).toBe(204);
    expect(await needs()).toEqual([]);
    // The next time tries again, and tells again.
    await fireSchedules(api.dataSource, after(made.nextAt, DAY_MS));
    expect(await needs()).toHaveLength(1);
    expect((await lead().delete(`/schedules/${made.id}`)).status).toBe(204);
    expect(await needs()).toEqual([]);
    expect((await lead().post(`/schedules/${made.id}/seen`)).body).toMatchObject({ code: 'schedule.not_found' });
  });

  it('says so to those who lead the data once its maker has gone', async () => {
    const { id, nextAt } = await make();
    await api.dataSource.query('update schedule set created_by = $2 where id = $1', [id, api.people.stranger.id]);
    await api.dataSource.query(`update schedule set run_template = jsonb_set(run_template, '{inputs,data}', '"none"')`);
    await fireSchedules(api.dataSource, after(nextAt));
    expect(await needs()).toMatchObject([{ count: 1, href: `/schedules/${id}/show` }]);
    await lead().post(`/schedules/${id}/seen`);
    await api.dataSource.query('update schedule set created_by = $2 where id = $1', [id, api.people.data_lead.id]);
    await api.dataSource.query(`update person set state = 'deactivated' where id = $1`, [api.people.data_lead.id]);
    await fireSchedules(api.dataSource, after(nextAt, DAY_MS));
    await api.dataSource.query(`update person set state = 'active' where id = $1`, [api.people.data_lead.id]);
    // The maker is the only lead here, and away: nobody is told, and nobody else is.
    const told = await api.dataSource.query('select from notification where subject_id = $1 and seen_at is null', [id]);
    expect(told).toEqual([]);
  });
});

describe('a time zone that this machine has forgotten', () => {
  it('is named, where the schedule was a fault of ours before, and told once the next time cannot be set', async () => {
    const { id, nextAt } = await make();
    await api.dataSource.query(`update schedule set time_zone = 'Mars/Base' where id = $1`, [id]);
    expect(await read(id)).toMatchObject({ problem: { kind: 'time_zone', runId: null }, upcoming: [], nextAt });
    const { items } = (await lead().get('/schedules?state=active')).body as { items: ScheduleDetail[] };
    expect(items).toMatchObject([{ id, problem: { kind: 'time_zone' } }]);
    expect(await fireSchedules(api.dataSource, after(nextAt))).toBe(1);
    expect(await needs()).toMatchObject([{ count: 1, href: `/schedules/${id}/show` }]);
    await api.dataSource.query(`update schedule set time_zone = 'UTC' where id = $1`, [id]);
    expect(await read(id)).toMatchObject({ problem: { kind: 'no_next' }, nextAt: null });
    await lead().post(`/schedules/${id}/pause`);
    expect((await lead().post(`/schedules/${id}/resume`)).body).toMatchObject({ problem: null });
    await lead().post(`/schedules/${id}/seen`);
  });
});

describe('a worker killed between claiming a time and making the run', () => {
  it('leaves the time to another: exactly one run', async () => {
    const { id, name, nextAt } = await make();
    // The run is not made: its insert fails as it would when the connection is cut in the middle.
    await api.dataSource.query(`
      create function die() returns trigger language plpgsql as $$ begin perform pg_terminate_backend(pg_backend_pid()); return new; end $$;
      create trigger die before insert on run for each row execute function die()`);
    await expect(fireSchedules(api.dataSource, after(nextAt))).rejects.toThrow();
    await api.dataSource.query('drop trigger die on run; drop function die()');
    expect(await read(id)).toMatchObject({ last: null, nextAt });
    expect(await runsNamed(name)).toEqual([]);
    expect(await fireSchedules(api.dataSource, after(nextAt))).toBe(1);
    expect(await runsNamed(name)).toHaveLength(1);
    expect((await read(id)).history).toHaveLength(1);
  });
});
