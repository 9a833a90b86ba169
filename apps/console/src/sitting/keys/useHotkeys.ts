import { useEffect, useRef } from 'react';
import { getSession } from '../../session/session';
import { commandOf, isMac, type KeyMap, type SittingCommand } from './keyboard';

function isField(target: EventTarget | null): boolean {
  const element = target as HTMLElement | null;
  return Boolean(element?.closest?.('input, textarea, select, [contenteditable="true"]'));
}

/** Runs a command for its keys, wherever the focus is; off while a dialog has keys of its own. */
export function useHotkeys<Command extends string>(
  keys: KeyMap<Command>,
  run: (command: Command | SittingCommand) => void,
  enabled: boolean,
): void {
  const latest = useRef(run);
  useEffect(() => {
    latest.current = run;
  });
  useEffect(() => {
    if (!enabled) return;
    const mac = isMac();
    const onKey = (event: KeyboardEvent) => {
      // Under the sign-in the page only waits.
      if (getSession().status === 'ended') return;
      const command = commandOf(event, { inField: isField(event.target), mac }, keys);
      if (!command) return;
      event.preventDefault();
      // Held down, a key must not hand in one task after another.
      if (!event.repeat) latest.current(command);
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [keys, enabled]);
}
