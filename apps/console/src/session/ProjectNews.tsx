import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { useEvents } from '../providers/useEvents';
import { projectPath } from './project';
import { useMayDo } from './useMayDo';

/** News come in bursts while a job runs; reading again more often than this shows nothing more. */
const GATHER_MS = 1_000;

interface News {
  topic?: string;
  id?: string;
}

/**
 * Keeps what is on screen fresh: the API says which resource changed, and what was read of it is read again. Query keys
 * begin with the resource's name, as react-admin's do; the dashboard counts everything.
 */
export function ProjectNews() {
  const may = useMayDo();
  const client = useQueryClient();
  const waiting = useRef(new Set<string>());
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);

  const readAgain = () => {
    const topics = new Set([...waiting.current, 'dashboard']);
    // A schedule shows how its runs do.
    if (topics.has('runs')) topics.add('schedules');
    waiting.current.clear();
    timer.current = undefined;
    void client.invalidateQueries({ predicate: ({ queryKey }) => topics.has('*') || topics.has(String(queryKey[0])) });
  };

  useEvents<News>(may('events', 'read') ? projectPath('/events') : null, {
    onEvent: (news, name) => {
      waiting.current.add(name === 'resync' ? '*' : (news.topic ?? '*'));
      timer.current ??= setTimeout(readAgain, GATHER_MS);
    },
  });

  useEffect(() => () => clearTimeout(timer.current), []);
  return null;
}
