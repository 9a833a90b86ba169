import type { HeldSlot, WorkQueue } from '@qingnang/contracts';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState, useSyncExternalStore } from 'react';
import { api } from '../../providers/http';
import { projectPath } from '../../session/project';
import { Sitting, type SittingKind, type SittingState } from './sitting';
import { sittingApi } from './sitting-api';

const SIGNS_OF_LIFE = ['keydown', 'pointerdown', 'wheel', 'touchmove'] as const;

interface Place {
  taskSetId: string;
  projectSlug: string;
  personId: string;
}

/** Opens a queue for as long as the page stands, and listens for signs of life. */
export function useSitting<Task extends { slot: HeldSlot }, Words extends object, Reply>(
  kind: SittingKind<Task, Words>,
  place: Place,
): { sitting: Sitting<Task, Words, Reply>; state: SittingState<Task, Words, Reply> } {
  const [sitting] = useState(() => new Sitting<Task, Words, Reply>({ ...place, kind, api: sittingApi }));
  const state = useSyncExternalStore(sitting.subscribe, sitting.getState);

  useEffect(() => {
    void sitting.open();
    return () => sitting.close();
  }, [sitting]);

  useEffect(() => {
    const flush = () => void sitting.flush();
    for (const sign of SIGNS_OF_LIFE) window.addEventListener(sign, sitting.touch, { passive: true });
    window.addEventListener('online', flush);
    document.addEventListener('visibilitychange', flush);
    return () => {
      for (const sign of SIGNS_OF_LIFE) window.removeEventListener(sign, sitting.touch);
      window.removeEventListener('online', flush);
      document.removeEventListener('visibilitychange', flush);
    };
  }, [sitting]);

  return { sitting, state };
}

/** What a question takes before anybody has answered one. */
const FIRST_GUESS = { reference: 90, ranking: 45 };

/** Seconds a question takes: one's own median, else everyone's, else a guess. */
export function useSecondsEach(taskSetId: string, path: 'reference' | 'ranking'): number {
  const { data } = useQuery({
    queryKey: ['task-sets', 'queues'],
    queryFn: async ({ signal }) =>
      (await api.get<{ items: WorkQueue[] }>(projectPath('/work/queues'), undefined, { signal })).data.items,
    staleTime: 60_000,
  });
  return data?.find((queue) => queue.taskSetId === taskSetId)?.secondsEach ?? FIRST_GUESS[path];
}
