import type { ChosenLayout, ReadPlan, Upload } from '@qingnang/contracts';
import { useRef, useState } from 'react';
import { useNotify } from 'react-admin';
import type { ApiError } from '../../providers/api-error';
import { api } from '../../providers/http';
import { projectPath } from '../../session/project';
import { chooseAgain, planAgain, planOf, viewQuery } from './plan-model';

export interface Sent {
  file: File;
  upload: Upload;
}

/** A file that was sent, with how it is to be read: looked at again with whatever a person says of it, last said counts. */
export function useLook() {
  const notify = useNotify();
  const [sent, setSent] = useState<Sent | null>(null);
  const [chosen, setChosen] = useState<ChosenLayout>({});
  const [plan, setPlan] = useState<ReadPlan | null>(null);
  const [looking, setLooking] = useState(false);
  const look = useRef<AbortController | null>(null);

  const start = (file: File, upload: Upload) => {
    look.current?.abort();
    setSent({ file, upload });
    setChosen({});
    setPlan(planOf(upload.detection));
  };
  const choose = async (change: ChosenLayout) => {
    if (!sent) return;
    look.current?.abort();
    const mine = new AbortController();
    look.current = mine;
    const next = chooseAgain(chosen, change);
    setChosen(next);
    setLooking(true);
    try {
      const path = projectPath(`/uploads/${sent.upload.id}`);
      const { data } = await api.get<Upload>(path, viewQuery(next), { signal: mine.signal });
      setSent({ ...sent, upload: data });
      setPlan(planAgain(plan, data.detection));
    } catch (failure) {
      if (!mine.signal.aborted) notify((failure as ApiError).detail, { type: 'error' });
    } finally {
      if (look.current === mine) setLooking(false);
    }
  };
  return { sent, chosen, plan, looking, start, choose, setPlan };
}
