import type { HeldSlot } from '@qingnang/contracts';
import { api } from '../providers/http';
import { projectPath } from '../session/project';
import type { OutboxEntry } from './drafts/draft-outbox';

export interface SavedDraft {
  revision: number;
  savedAt: string;
}

export interface Beat {
  leaseUntil: string;
  /** The set was closed meanwhile. */
  closed: boolean;
}

const slotPath = (slotId: string, rest: string) => projectPath(`/work/slots/${slotId}/${rest}`);

/**
 * What a sitting asks the server, whatever its kind; in its person's name alone, whoever has signed in since.
 */
export const slotApiOf = (as: string) => ({
  /** Null when the queue holds nothing for this person. `takeOver` takes what they hold out of their other pages' hands. */
  async claim(taskSetId: string, takeOver: boolean): Promise<HeldSlot | null> {
    const wish = { taskSetId, takeOver };
    return (await api.post<{ slot: HeldSlot | null }>(projectPath('/work/claim'), wish, { as })).data.slot;
  },
  /** A task by an address of its own, e.g. from a list, also from another page; later ones come by `claim`. */
  async take(path: string): Promise<HeldSlot | null> {
    return (await api.post<{ slot: HeldSlot | null }>(projectPath(path), undefined, { as })).data.slot;
  },
  async show<Task>(slotId: string, path: string): Promise<Task> {
    return (await api.get<Task>(slotPath(slotId, path), undefined, { as })).data;
  },
  /** In the project the words were written in: they may have waited while another was opened. */
  async saveDraft({ projectSlug, slotId, fencingToken, baseVersionId, body }: OutboxEntry): Promise<SavedDraft> {
    const path = `/projects/${projectSlug}/work/slots/${slotId}/draft`;
    return (await api.put<SavedDraft>(path, { fencingToken, baseVersionId, body }, { as })).data;
  },
  async heartbeat(slotId: string, fencingToken: number): Promise<Beat> {
    return (await api.post<Beat>(slotPath(slotId, 'heartbeat'), { fencingToken }, { as })).data;
  },
  /** `key` is kept by the caller, so that sending again after a lost reply is harmless. */
  async submit<Reply>(slotId: string, path: string, body: object, key: string): Promise<Reply> {
    return (await api.post<Reply>(slotPath(slotId, path), body, { idempotencyKey: key, as })).data;
  },
  async skip(slotId: string, fencingToken: number): Promise<void> {
    await api.post(slotPath(slotId, 'skip'), { fencingToken }, { as });
  },
  /** A skip is taken back: the task is in hand again. */
  async resume(slotId: string): Promise<HeldSlot> {
    return (await api.post<HeldSlot>(slotPath(slotId, 'resume'), undefined, { as })).data;
  },
  /** The task is in hand again; which one, the reply says. */
  async undo(answerId: string): Promise<{ slot: HeldSlot }> {
    return (await api.post<{ slot: HeldSlot }>(projectPath(`/work/answers/${answerId}/undo`), undefined, { as })).data;
  },
});

export type SlotApi = ReturnType<typeof slotApiOf>;
