import { useEffect, useRef, useState } from 'react';
import { useSession } from '../session/useSession';
import { followEvents, type StreamState } from './events';

interface Options<T> {
  /** Called for every event, also those that come faster than the screen draws. */
  onEvent?: (data: T, name: string) => void;
  /** A finished job needs no line. */
  enabled?: boolean;
}

/** Follows a server-sent stream below `/api/v1`; each event's data is JSON. `null` as path follows nothing. */
export function useEvents<T>(path: string | null, options: Options<T> = {}): { last: T | null; state: StreamState } {
  const [last, setLast] = useState<T | null>(null);
  const [state, setState] = useState<StreamState>('connecting');
  const onEvent = useRef(options.onEvent);
  // A stream ends with its session; signed in again, it is followed anew.
  const signedIn = useSession().status === 'in';
  const enabled = (options.enabled ?? true) && signedIn;
  useEffect(() => {
    onEvent.current = options.onEvent;
  });
  useEffect(() => {
    if (path === null || !enabled) return;
    const stop = new AbortController();
    void followEvents(path, {
      signal: stop.signal,
      onState: setState,
      onEvent: (event) => {
        const data = JSON.parse(event.data) as T;
        setLast(data);
        onEvent.current?.(data, event.event);
      },
    });
    return () => stop.abort();
  }, [path, enabled]);
  return { last, state };
}
