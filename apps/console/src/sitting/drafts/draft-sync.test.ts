// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ApiError } from '../../providers/api-error';
import { DraftOutbox, type OutboxEntry } from './draft-outbox';
import { DraftSync, type SaveState } from './draft-sync';

const refusal = (status: number, code: string) => new ApiError(status, { code, detail: `No: ${code}` });

/** A server that answers each slot as told. */
function bench(answers: Record<string, ApiError> = {}) {
  const outbox = new DraftOutbox('me');
  const sent: string[] = [];
  const states: SaveState[] = [];
  const lost: ApiError[] = [];
  const sync = new DraftSync(outbox, {
    save: ({ slotId }: OutboxEntry) => {
      sent.push(slotId);
      const refused = answers[slotId];
      return refused ? Promise.reject(refused) : Promise.resolve({ revision: 1, savedAt: new Date().toISOString() });
    },
    onState: (state) => states.push(state),
    onLost: (error) => lost.push(error),
  });
  return { outbox, sync, sent, states, lost, answers };
}
const words = (slotId: string) => ({
  ...{ projectSlug: 'demo', slotId, taskSetId: 'set', fencingToken: 1, baseVersionId: 'base' },
  body: { text: `写给${slotId}` },
});
const left = (outbox: DraftOutbox) => outbox.all().map(({ slotId, refused = '' }) => `${slotId} ${refused}`.trim());

describe('words left behind', () => {
  beforeEach(() => {
    vi.useFakeTimers();
    window.localStorage.clear();
  });
  afterEach(() => vi.useRealTimers());

  const leave = (outbox: DraftOutbox, slots: readonly string[]) =>
    slots.forEach((slotId, at) => outbox.keep({ ...words(slotId), knownRevision: 0, at }));

  it.each([
    [413, 'draft.too_large'],
    [422, 'draft.unknown_base'],
    [404, 'slot.not_found'],
    [404, 'project.not_found'],
  ])('are not held up by one that is refused with %i, nor is that one thrown away', async (status, code) => {
    const { outbox, sync, sent } = bench({ b: refusal(status, code) });
    leave(outbox, ['a', 'b', 'c', 'd']);
    await sync.sendOthers('d');
    expect(sent).toEqual(['a', 'b', 'c']);
    expect(left(outbox)).toEqual([`b ${code}`, 'd']);
    // It waits for its author: it is not asked again, and not counted among what waits for a line.
    await sync.sendOthers('d');
    expect(sent).toEqual(['a', 'b', 'c']);
    expect(outbox.waiting().map(({ slotId }) => slotId)).toEqual(['d']);
  });

  it.each([0, 401, 429, 500, 503])('stay as they are where nobody was there to take them (%i)', async (status) => {
    const { outbox, sync, sent } = bench({ b: refusal(status, 'away') });
    leave(outbox, ['a', 'b', 'c']);
    await sync.sendOthers(null);
    expect(sent).toEqual(['a', 'b']);
    expect(left(outbox)).toEqual(['b', 'c']);
  });

  it('leave once the server has them, also where the task is somebody else’s', async () => {
    const { outbox, sync } = bench({ a: refusal(409, 'slot.lease_lost') });
    leave(outbox, ['a', 'b']);
    await sync.sendOthers(null);
    expect(left(outbox)).toEqual([]);
  });

  it('are said to be refused while one writes, and go up once they are changed', async () => {
    const { outbox, sync, sent, states, answers } = bench({ a: refusal(413, 'draft.too_large') });
    sync.begin(0, null);
    sync.change(words('a'));
    await vi.advanceTimersByTimeAsync(1_000);
    expect(states.at(-1)).toEqual({ kind: 'refused', why: 'No: draft.too_large' });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(sent).toEqual(['a']);
    expect(left(outbox)).toEqual(['a draft.too_large']);
    delete answers['a'];
    sync.change(words('a'));
    await vi.advanceTimersByTimeAsync(1_000);
    expect(states.at(-1)?.kind).toBe('saved');
    expect(left(outbox)).toEqual([]);
  });
});
