import type { HeldSlot, WorkQueue } from '@qingnang/contracts';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState, useSyncExternalStore } from 'react';
import { api } from '../providers/http';
import { onReturn } from '../providers/returns';
import { projectPath } from '../session/project';
import { type Place, Sitting } from './sitting';
import type { SittingKind, SittingState } from './sitting-kind';
import { slotApiOf } from './slot-api';

const SIGNS_OF_LIFE = ['keydown', 'pointerdown', 'wheel', 'touchmove'] as const;

/** Opens a queue for as long as the page stands, and listens for signs of life. */
export function useSitting<
  Task extends { slot: HeldSlot },
  Words extends object,
  Verdict,
  Tally,
  Reply extends { next: Task | null },
>(
  kind: SittingKind<Task, Words, Verdict, Tally, Reply>,
  place: Place,
): { sitting: Sitting<Task, Words, Verdict, Tally, Reply>; state: SittingState<Task, Words, Tally, Reply> } {
  const [sitting] = useState(() => new Sitting(kind, place, slotApiOf(place.personId)));
  const state = useSyncExternalStore(sitting.subscribe, sitting.getState);

  useEffect(() => {
    void sitting.open();
    return () => sitting.close();
  }, [sitting]);

  useEffect(() => {
    const flush = () => {
      void sitting.flush();
      if (document.visibilityState === 'visible') void sitting.lookedAt();
    };
    for (const sign of SIGNS_OF_LIFE) window.addEventListener(sign, sitting.touch, { passive: true });
    const stopListening = onReturn(() => void sitting.back());
    document.addEventListener('visibilitychange', flush);
    return () => {
      for (const sign of SIGNS_OF_LIFE) window.removeEventListener(sign, sitting.touch);
      stopListening();
      document.removeEventListener('visibilitychange', flush);
    };
  }, [sitting]);

  return { sitting, state };
}

/** Median seconds a task of the queue takes: one's own, else everyone's; null before anybody has answered one. */
export function useSecondsEach(taskSetId: string): number | null {
  const { data } = useQuery({
    queryKey: ['task-sets', 'queues'],
    queryFn: async ({ signal }) =>
      (await api.get<{ items: WorkQueue[] }>(projectPath('/work/queues'), undefined, { signal })).data.items,
    staleTime: 60_000,
  });
  return data?.find((queue) => queue.taskSetId === taskSetId)?.secondsEach ?? null;
}
