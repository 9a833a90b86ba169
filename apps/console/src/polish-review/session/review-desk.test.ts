// @vitest-environment jsdom
import type { PolishTask, SubmitPolish } from '@qingnang/contracts';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ApiError } from '../../providers/api-error';
import { IDLE_AFTER_MS } from '../../sitting/active-time';
import { DraftOutbox } from '../../sitting/drafts/draft-outbox';
import type { SeatHooks } from '../../sitting/seat';
import { Sitting } from '../../sitting/sitting';
import type { SlotApi } from '../../sitting/slot-api';
import { polishKind } from './polish-kind';
import { polishAgain, submitAsItReads, writeTurn } from './review-desk';

const LEASE_MS = 30_000;

function taskOf(id: string, draft: PolishTask['slot']['draft'] = null): PolishTask {
  const turn = (n: number, role: 'patient' | 'doctor', text: string) => ({
    n,
    role,
    original: text,
    suggestion: { n, role, text: `您好，${text}`, made_by: { kind: 'llm' as const, id: 'x' }, rehearsal: false },
  });
  return {
    slot: {
      id,
      taskSetId: 'set',
      taskSetName: '心内科润色',
      kind: 'polish_review',
      taskId: 't',
      recordId: 'r',
      subjectId: 'r',
      shownVersionId: `v-${id}`,
      round: 1,
      fencingToken: 1,
      leaseUntil: new Date(Date.now() + LEASE_MS).toISOString(),
      done: 0,
      waiting: 2,
      draft,
    },
    record: { id: 'r', department: null, language: 'zh', synthetic: false },
    turns: [turn(0, 'patient', '头晕'), turn(1, 'doctor', '少盐。')],
    quietKinds: [],
    confirmed: [],
    returned: null,
  };
}

/** A server that does as told; each method can be made to fail once. */
function fakeApi(tasks: PolishTask[]) {
  const failures = new Map<string, ApiError>();
  const calls: { method: string; body?: unknown; key?: string }[] = [];
  const answer = <T>(method: string, body: unknown, result: () => T, key?: string): Promise<T> => {
    calls.push({ method, body, ...(key ? { key } : {}) });
    const failure = failures.get(method);
    if (!failure) return Promise.resolve(result());
    failures.delete(method);
    return Promise.reject(failure);
  };
  const held = new Map<string, PolishTask>();
  const hold = (task: PolishTask | undefined) => {
    if (task) held.set(task.slot.id, task);
    return task?.slot ?? null;
  };
  const api: SlotApi = {
    claim: (_, takeOver) => answer('claim', { takeOver }, () => hold(tasks.shift())),
    take: () => answer('take', null, () => hold(tasks.shift())),
    show: <Task>(slotId: string) => Promise.resolve(held.get(slotId) as Task),
    saveDraft: (entry) => answer('saveDraft', entry.body, () => ({ revision: 1, savedAt: new Date().toISOString() })),
    heartbeat: () =>
      answer('heartbeat', null, () => ({ leaseUntil: new Date(Date.now() + LEASE_MS).toISOString(), closed: false })),
    submit: <Reply>(_slot: string, _path: string, body: object, key: string) =>
      answer('submit', body, () => ({ answerId: 'a', fate: 'approved', next: tasks.shift() ?? null }) as Reply, key),
    skip: () => answer('skip', null, () => undefined),
    resume: () => answer('resume', null, () => hold(taskOf('back'))!),
    undo: () => answer('undo', null, () => ({ slot: hold(taskOf('back'))! })),
  };
  return { api, calls, failures, of: (method: string) => calls.filter((call) => call.method === method) };
}

async function deskWith(tasks: PolishTask[], taken = false) {
  const server = fakeApi(tasks);
  let hooks!: SeatHooks;
  const seat = { taken: false, sit: () => Promise.resolve(!seat.taken), take: vi.fn(async () => {}), leave: vi.fn() };
  const place = { taskSetId: 'set', projectSlug: 'demo', personId: 'me' };
  const desk = new Sitting(polishKind, place, server.api, (_, its) => ((hooks = its), seat));
  seat.taken = taken;
  await desk.open();
  return { desk, seat, hooks, ...server };
}

const lost = new ApiError(409, { code: 'slot.lease_lost', details: { what: 'taken' } });
const offline = new ApiError(0, { code: 'network' });

describe('the review desk', () => {
  beforeEach(() => {
    vi.useFakeTimers();
    window.localStorage.clear();
  });
  afterEach(() => vi.useRealTimers());

  it('accepts what was not touched and hands in what was', async () => {
    const { desk, of } = await deskWith([taskOf('a'), taskOf('b')]);
    await submitAsItReads(desk);
    writeTurn(desk, 1, '您好，少盐，多走路。');
    await submitAsItReads(desk);
    expect(of('submit').map(({ body }) => (body as SubmitPolish).verdict)).toEqual(['accept', 'edit']);
    expect((of('submit')[1]!.body as SubmitPolish).turns).toEqual([{ n: 1, text: '您好，少盐，多走路。' }]);
    expect(desk.getState()).toMatchObject({ phase: 'finished', tally: { accept: 1, edit: 1 } });
  });

  it('asks for the next task itself where a submission sent again brings none', async () => {
    const { desk, failures, of } = await deskWith([taskOf('a'), taskOf('b')]);
    failures.set('submit', offline);
    await submitAsItReads(desk);
    const answer = vi.spyOn(desk['api'], 'submit').mockResolvedValueOnce({ answerId: 'a', next: null });
    await submitAsItReads(desk);
    expect(answer).toHaveBeenCalledTimes(1);
    expect(of('claim')).toHaveLength(2);
    expect(desk.getState()).toMatchObject({ phase: 'working', task: { slot: { id: 'b' } } });
  });

  it('does not send a turn without words', async () => {
    const { desk, of } = await deskWith([taskOf('a')]);
    writeTurn(desk, 1, '  ');
    await submitAsItReads(desk);
    expect(of('submit')).toEqual([]);
    expect(desk.getState().failure?.code).toBe('answer.text_missing');
  });

  it('says saved only after the server said so', async () => {
    const { desk, failures } = await deskWith([taskOf('a')]);
    failures.set('saveDraft', offline);
    writeTurn(desk, 1, '一');
    expect(desk.getState().save).toMatchObject({ kind: 'waiting', count: 1 });
    await vi.advanceTimersByTimeAsync(1_000);
    expect(desk.getState().save.kind).toBe('waiting');
    expect(new DraftOutbox('me').read('a')?.body).toEqual({ turns: [{ n: 1, text: '一' }] });
    await vi.advanceTimersByTimeAsync(3_000);
    expect(desk.getState().save.kind).toBe('saved');
    expect(new DraftOutbox('me').waiting()).toEqual([]);
  });

  it('sends nothing twice under another key when a reply is lost, and another key for other words', async () => {
    const { desk, failures, of } = await deskWith([taskOf('a'), taskOf('b')]);
    failures.set('submit', offline);
    await submitAsItReads(desk);
    expect(desk.getState()).toMatchObject({ phase: 'working', failure: { code: 'network' } });
    await vi.advanceTimersByTimeAsync(5_000);
    failures.set('submit', offline);
    await submitAsItReads(desk);
    writeTurn(desk, 1, '改');
    await submitAsItReads(desk);
    const keys = of('submit').map((call) => call.key);
    expect(of('submit')[1]).toEqual(of('submit')[0]);
    expect(keys[2]).not.toBe(keys[0]);
  });

  it('keeps the words when the slot was lost, and goes on with the next', async () => {
    const { desk, failures } = await deskWith([taskOf('a'), taskOf('b')]);
    writeTurn(desk, 1, '写了很多');
    failures.set('submit', lost);
    await submitAsItReads(desk);
    expect(desk.getState()).toMatchObject({ lost: { code: 'slot.lease_lost' }, words: { texts: { 1: '写了很多' } } });
    writeTurn(desk, 1, '不再能改');
    expect(desk.getState().words?.texts[1]).toBe('写了很多');
    await desk.open();
    expect(desk.getState()).toMatchObject({
      lost: null,
      task: { slot: { id: 'b' } },
      words: { texts: { 1: '您好，少盐。' } },
    });
  });

  it('renews the lease while somebody works, rests with them, and renews when they are back', async () => {
    const { desk, of } = await deskWith([taskOf('a')]);
    await vi.advanceTimersByTimeAsync(LEASE_MS);
    const beats = of('heartbeat').length;
    expect(beats).toBeGreaterThanOrEqual(2);
    await vi.advanceTimersByTimeAsync(IDLE_AFTER_MS);
    const rested = of('heartbeat').length;
    await vi.advanceTimersByTimeAsync(IDLE_AFTER_MS);
    expect(of('heartbeat')).toHaveLength(rested);
    desk.touch();
    await vi.advanceTimersByTimeAsync(0);
    expect(of('heartbeat')).toHaveLength(rested + 1);
  });

  it('says so when the slot went away while somebody rested', async () => {
    const { desk, failures } = await deskWith([taskOf('a')]);
    failures.set('heartbeat', lost);
    await vi.advanceTimersByTimeAsync(LEASE_MS);
    expect(desk.getState().lost?.code).toBe('slot.lease_lost');
  });

  it('counts a submission that was taken back no more', async () => {
    const { desk } = await deskWith([taskOf('a'), taskOf('b')]);
    await submitAsItReads(desk);
    await desk.undo();
    expect(desk.getState()).toMatchObject({ tally: { accept: 0 }, last: null, task: { slot: { id: 'back' } } });
  });

  it('names the calls to the model that were asked for while drafting', async () => {
    const { desk, of } = await deskWith([taskOf('a'), taskOf('b')]);
    const made = { callId: 'c', text: '新', rehearsal: true, lost: [], added: [] };
    expect(await polishAgain(desk, 1, () => Promise.resolve(made))).toBe('新');
    expect(desk.getState().words?.again[1]).toMatchObject({ rehearsal: true });
    writeTurn(desk, 1, '新');
    await submitAsItReads(desk);
    await submitAsItReads(desk);
    expect(of('submit').map(({ body }) => (body as SubmitPolish).llmCallIds)).toEqual([['c'], []]);
  });

  it('lets later words from elsewhere stand', async () => {
    new DraftOutbox('me').keep({
      projectSlug: 'demo',
      slotId: 'a',
      taskSetId: 'set',
      fencingToken: 1,
      baseVersionId: 'v-a',
      body: { turns: [{ n: 1, text: '旧' }] },
      knownRevision: 1,
      at: Date.now() - 60_000,
    });
    const draft = { body: { turns: [{ n: 1, text: '他处' }] }, revision: 2, updatedAt: new Date().toISOString() };
    const { desk } = await deskWith([taskOf('a', draft)]);
    expect(desk.getState()).toMatchObject({ words: { texts: { 1: '他处' } }, save: { kind: 'saved' } });
  });

  it('only shows what another page has in hand, until it goes on here', async () => {
    const { desk, seat, of } = await deskWith([taskOf('a'), taskOf('a')], true);
    expect(desk.getState()).toMatchObject({ phase: 'working', lost: { code: 'slot.lease_lost' } });
    writeTurn(desk, 1, '不能改');
    await submitAsItReads(desk);
    await vi.advanceTimersByTimeAsync(LEASE_MS);
    expect([of('saveDraft'), of('submit'), of('heartbeat')]).toEqual([[], [], []]);
    expect(desk.getState().words?.texts[1]).toBe('您好，少盐。');
    await desk.open();
    expect(seat.take).toHaveBeenCalledTimes(1);
    expect(of('claim').map(({ body }) => body)).toEqual([{ takeOver: false }, { takeOver: true }]);
    expect(desk.getState()).toMatchObject({ phase: 'working', lost: null, busy: null });
  });

  it('brings up what was written before another page goes on, and writes no more', async () => {
    const { desk, hooks, of } = await deskWith([taskOf('a')]);
    writeTurn(desk, 1, '写了很多');
    await hooks.onAsked();
    expect(of('saveDraft').map(({ body }) => body)).toEqual([{ turns: [{ n: 1, text: '写了很多' }] }]);
    hooks.onGone();
    writeTurn(desk, 1, '不再能改');
    await vi.advanceTimersByTimeAsync(LEASE_MS);
    expect(desk.getState().words?.texts[1]).toBe('写了很多');
    expect([of('saveDraft').length, of('heartbeat').length]).toEqual([1, 0]);
  });

  it('leaves what waits on this device to the page that has gone on', async () => {
    const { desk, failures, of } = await deskWith([taskOf('a'), taskOf('a')]);
    failures.set('saveDraft', new ApiError(409, { code: 'slot.lease_lost', details: { what: 'elsewhere' } }));
    writeTurn(desk, 1, '写了很多');
    await vi.advanceTimersByTimeAsync(LEASE_MS);
    expect(desk.getState().lost?.code).toBe('slot.lease_lost');
    expect(of('saveDraft')).toHaveLength(1);
    expect(new DraftOutbox('me').read('a')?.body).toEqual({ turns: [{ n: 1, text: '写了很多' }] });
    await desk.open();
    expect(desk.getState()).toMatchObject({ lost: null, words: { texts: { 1: '写了很多' } } });
  });

  it('says that nothing is left', async () => {
    const { desk } = await deskWith([]);
    expect(desk.getState().phase).toBe('finished');
  });
});
