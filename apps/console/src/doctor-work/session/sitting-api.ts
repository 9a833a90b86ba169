import type { HeldSlot } from '@qingnang/contracts';
import { workApi } from '../../polish-review/session/work-api';
import { api } from '../../providers/http';
import { projectPath } from '../../session/project';

/** What a sitting asks the server. Drafts, heartbeats and skipping are the same for every kind of work. */
export const sittingApi = {
  saveDraft: workApi.saveDraft,
  heartbeat: workApi.heartbeat,
  skip: workApi.skip,
  /** Null when the queue holds nothing for this person. */
  async claim(taskSetId: string): Promise<HeldSlot | null> {
    return (await api.post<{ slot: HeldSlot | null }>(projectPath('/work/claim'), { taskSetId })).data.slot;
  },
  async show<Task>(slotId: string, path: string): Promise<Task> {
    return (await api.get<Task>(projectPath(`/work/slots/${slotId}/${path}`))).data;
  },
  /** `key` is kept by the caller, so that sending again after a lost reply is harmless. */
  async submit<Reply>(slotId: string, path: string, body: object, key: string): Promise<Partial<Reply>> {
    const options = { idempotencyKey: key };
    return (await api.post<Partial<Reply>>(projectPath(`/work/slots/${slotId}/${path}`), body, options)).data;
  },
};

export type SittingApi = typeof sittingApi;
