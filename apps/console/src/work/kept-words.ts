import type { KeptDraft, WorkQueue } from '@qingnang/contracts';
import type { OutboxEntry } from '../sitting/drafts/draft-outbox';

/** A draft as its author finds it: on the server, or on this device alone. */
export interface FoundDraft extends Omit<KeptDraft, 'state' | 'kind'> {
  state: KeptDraft['state'] | null;
  /** Null where the queue is not theirs to work on any more. */
  kind: KeptDraft['kind'] | null;
  /** The newest words have not reached the server: it was away, or would not have them. */
  unsent: 'waiting' | 'refused' | null;
}

const isText = (it: unknown): it is string => typeof it === 'string' && it !== '';

/** Every word of a draft, whatever kind of task wrote it, in its order. */
export function wordsOf({ turns, text, reason, comment }: Record<string, unknown>): string {
  const said = Array.isArray(turns) ? turns.map((turn: unknown) => (turn as { text?: unknown } | null)?.text) : [];
  return [...said, text, reason, comment].filter(isText).join('\n\n');
}

/** What the server keeps and what only this device has, as one list; where both have words, the unsent ones. */
export function foundDrafts(
  kept: readonly KeptDraft[],
  onDevice: readonly OutboxEntry[],
  queues: readonly Pick<WorkQueue, 'taskSetId' | 'name' | 'kind'>[],
): FoundDraft[] {
  const known = new Map(kept.map((draft): [string, FoundDraft] => [draft.slotId, { ...draft, unsent: null }]));
  for (const { slotId, taskSetId, body, at, refused } of onDevice) {
    const queue = queues.find((each) => each.taskSetId === taskSetId);
    const alone = { state: null, question: '', taskSetName: queue?.name ?? '', kind: queue?.kind ?? null };
    known.set(slotId, {
      ...(known.get(slotId) ?? alone),
      ...{ slotId, taskSetId, text: wordsOf(body), updatedAt: new Date(at).toISOString() },
      unsent: refused === undefined ? 'waiting' : 'refused',
    });
  }
  return [...known.values()].sort((a, b) => Number(b.unsent !== null) - Number(a.unsent !== null));
}
