// @vitest-environment jsdom
import { beforeEach, describe, expect, it } from 'vitest';
import { clearOutbox } from '../../session/outbox-names';
import { DraftOutbox, draftToRestore, type OutboxEntry } from './draft-outbox';

const entry = (slotId: string, text: string, changes: Partial<OutboxEntry> = {}): OutboxEntry => ({
  projectSlug: 'demo',
  slotId,
  taskSetId: 'set',
  fencingToken: 1,
  baseVersionId: 'base',
  body: { turns: [{ n: 1, text }] },
  knownRevision: 0,
  at: 1000,
  ...changes,
});
const saved = (text: string, revision: number, at = '2026-01-01T00:00:00.000Z') => ({
  body: { turns: [{ n: 1, text }] },
  revision,
  updatedAt: at,
});
const restore = (body: unknown) => (body as { turns?: { text: string }[] }).turns?.[0]?.text ?? null;
const choose = (server: Parameters<typeof draftToRestore>[0], local: OutboxEntry | null, base: string) => {
  const draft = draftToRestore(server, local, base, restore);
  return draft && [draft.words, draft.unsent];
};

describe('words that wait on this device', () => {
  beforeEach(() => window.localStorage.clear());

  it('are there for a page opened after a crash', () => {
    new DraftOutbox('me').keep(entry('a', '少盐'));
    expect(new DraftOutbox('me').read('a')?.body.turns).toEqual([{ n: 1, text: '少盐' }]);
  });

  it('leave once the server has them, but not when more was typed meanwhile', () => {
    const outbox = new DraftOutbox('me');
    outbox.keep(entry('a', '少', { at: 1 }));
    outbox.keep(entry('a', '少盐', { at: 2 }));
    outbox.sent('a', 1);
    expect(outbox.waiting()).toHaveLength(1);
    outbox.sent('a', 2);
    expect(outbox.waiting()).toEqual([]);
  });

  it('are one person’s own, and gone when that person signs out', () => {
    new DraftOutbox('me').keep(entry('a', '一'));
    new DraftOutbox('you').keep(entry('b', '二'));
    expect(new DraftOutbox('you').waiting().map((each) => each.slotId)).toEqual(['b']);
    clearOutbox('you');
    expect(new DraftOutbox('you').waiting()).toEqual([]);
    expect(new DraftOutbox('me').waiting()).toHaveLength(1);
  });

  it('say so when the browser has no room for them', () => {
    const full = { setItem: () => { throw new DOMException('full', 'QuotaExceededError'); } } as unknown as Storage; // prettier-ignore
    expect(new DraftOutbox('me', full).keep(entry('a', '一'))).toBe(false);
  });
});

describe('the words to go on from', () => {
  it('are the server’s where this device has none', () => {
    expect(choose(saved('他处', 3), null, 'base')).toEqual(['他处', false]);
    expect(choose(null, null, 'base')).toBeNull();
  });

  it('are this device’s unsent ones where nothing newer was saved elsewhere', () => {
    expect(choose(saved('旧', 3), entry('a', '新', { knownRevision: 3 }), 'base')).toEqual(['新', true]);
    expect(choose(null, entry('a', '新'), 'base')).toEqual(['新', true]);
  });

  it('are the later ones where two devices wrote', () => {
    const late = saved('他处', 4, '2026-01-02T00:00:00.000Z');
    const before = Date.parse('2026-01-01T00:00:00Z');
    const after = Date.parse('2026-01-03T00:00:00Z');
    expect(choose(late, entry('a', '新', { knownRevision: 3, at: before }), 'base')).toEqual(['他处', false]); // prettier-ignore
    expect(choose(late, entry('a', '新', { knownRevision: 3, at: after }), 'base')).toEqual(['新', true]); // prettier-ignore
  });

  it('are never those written over another text', () => {
    expect(choose(null, entry('a', '新'), 'other base')).toBeNull();
  });

  it('survive a draft of a shape nobody knows', () => {
    expect(choose({ ...saved('', 1), body: 'x' }, null, 'base')).toBeNull();
  });
});
