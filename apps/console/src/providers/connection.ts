import { comeBack } from './returns';

const FIRST_LOOK_MS = 1_000;
const LONGEST_LOOK_MS = 15_000;

let away = false;
let timer: ReturnType<typeof setTimeout> | undefined;
let wait = FIRST_LOOK_MS;
let look: () => void = () => undefined;
const listeners = new Set<() => void>();

/** How to ask the server whether it is there; the answer is told by {@link noteAnswer} or {@link noteSilence}. */
export function lookWith(ask: () => void): void {
  look = ask;
}

export function isAway(): boolean {
  return away;
}

export function subscribeConnection(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function become(next: boolean): void {
  away = next;
  for (const listener of listeners) listener();
}

/** A request found nobody: from now on the server is asked until it answers. */
export function noteSilence(): void {
  clearTimeout(timer);
  timer = setTimeout(() => look(), wait);
  wait = Math.min(wait * 2, LONGEST_LOOK_MS);
  if (!away) become(true);
}

/** The server answered, whatever it said. */
export function noteAnswer(): void {
  if (!away) return;
  clearTimeout(timer);
  wait = FIRST_LOOK_MS;
  become(false);
  comeBack();
}

/** Something else than a request found nobody, or the browser says that there is a network again. */
export function lookNow(): void {
  look();
}
