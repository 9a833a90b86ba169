import type { HeldSlot, PolishedAgain, PolishTask, SubmitPolish, SubmitPolishReply } from '@qingnang/contracts';
import { api } from '../../providers/http';
import { projectPath } from '../../session/project';
import type { OutboxEntry } from '../logic/draft-outbox';

export interface SavedDraft {
  revision: number;
  savedAt: string;
}

const slotPath = (slotId: string, rest: string) => projectPath(`/work/slots/${slotId}/${rest}`);

/** What the review screen asks the server. */
export const workApi = {
  /** Null when the queue holds nothing for this person. */
  async claim(taskSetId: string): Promise<PolishTask | null> {
    const { data } = await api.post<{ slot: HeldSlot | null }>(projectPath('/work/claim'), { taskSetId });
    return data.slot && this.show(data.slot.id);
  },
  async show(slotId: string): Promise<PolishTask> {
    return (await api.get<PolishTask>(slotPath(slotId, 'polish'))).data;
  },
  /** In the project the words were written in: they may have waited while another was opened. */
  async saveDraft({ projectSlug, slotId, fencingToken, baseVersionId, body }: OutboxEntry): Promise<SavedDraft> {
    const path = `/projects/${projectSlug}/work/slots/${slotId}/draft`;
    return (await api.put<SavedDraft>(path, { fencingToken, baseVersionId, body })).data;
  },
  async heartbeat(slotId: string, fencingToken: number): Promise<{ leaseUntil: string }> {
    return (await api.post<{ leaseUntil: string }>(slotPath(slotId, 'heartbeat'), { fencingToken })).data;
  },
  /** `key` is kept by the caller, so that sending again after a lost reply is harmless. */
  async submit(slotId: string, body: SubmitPolish, key: string): Promise<Partial<SubmitPolishReply>> {
    const options = { idempotencyKey: key };
    return (await api.post<Partial<SubmitPolishReply>>(slotPath(slotId, 'polish'), body, options)).data;
  },
  async skip(slotId: string, fencingToken: number): Promise<void> {
    await api.post(slotPath(slotId, 'skip'), { fencingToken });
  },
  async undo(answerId: string): Promise<PolishTask> {
    return (await api.post<PolishTask>(projectPath(`/work/answers/${answerId}/undo`))).data;
  },
  async polishAgain(slotId: string, fencingToken: number, n: number): Promise<PolishedAgain> {
    return (await api.post<PolishedAgain>(slotPath(slotId, 'polish-again'), { fencingToken, n })).data;
  },
};

export type WorkApi = typeof workApi;
