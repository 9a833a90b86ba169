import { useSyncExternalStore } from 'react';

/** How much air is between rows and around controls. */
export type Density = 'comfortable' | 'compact';

const STORAGE_KEY = 'qingnang.density';
const listeners = new Set<() => void>();

export function getDensity(): Density {
  return window.localStorage.getItem(STORAGE_KEY) === 'compact' ? 'compact' : 'comfortable';
}

export function setDensity(density: Density): void {
  window.localStorage.setItem(STORAGE_KEY, density);
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useDensity(): Density {
  return useSyncExternalStore(subscribe, getDensity);
}
