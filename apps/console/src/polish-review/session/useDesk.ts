import { useEffect, useState, useSyncExternalStore } from 'react';
import type { DeskState } from './desk-state';
import { type DeskOptions, ReviewDesk } from './review-desk';
import { workApi } from './work-api';

const SIGNS_OF_LIFE = ['keydown', 'pointerdown', 'wheel', 'touchmove'] as const;

/** Opens a queue for as long as the page stands, and listens for signs of life. */
export function useDesk(options: Omit<DeskOptions, 'api'>): { desk: ReviewDesk; state: DeskState } {
  const [desk] = useState(() => new ReviewDesk({ ...options, api: workApi }));
  const state = useSyncExternalStore(desk.subscribe, desk.getState);

  useEffect(() => {
    void desk.open();
    return () => desk.close();
  }, [desk]);

  useEffect(() => {
    const flush = () => void desk.flush();
    for (const sign of SIGNS_OF_LIFE) window.addEventListener(sign, desk.touch, { passive: true });
    window.addEventListener('online', flush);
    document.addEventListener('visibilitychange', flush);
    return () => {
      for (const sign of SIGNS_OF_LIFE) window.removeEventListener(sign, desk.touch);
      window.removeEventListener('online', flush);
      document.removeEventListener('visibilitychange', flush);
    };
  }, [desk]);

  return { desk, state };
}
