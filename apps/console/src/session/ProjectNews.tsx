import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useEvents } from '../providers/useEvents';
import { NewsGatherer } from './news-gatherer';
import { projectPath } from './project';
import { useMayDo } from './useMayDo';

interface News {
  topic?: string;
}

/**
 * Keeps what is on screen fresh: the API says which resource changed, and what was read of it is read again. Query keys
 * begin with the resource's name, as react-admin's do; the dashboard counts everything.
 */
export function ProjectNews() {
  const may = useMayDo();
  const client = useQueryClient();
  const [gatherer] = useState(
    () =>
      new NewsGatherer((topics) => {
        const isTold = (key: unknown) => topics.has('*') || topics.has(String(key));
        void client.invalidateQueries({ predicate: ({ queryKey }) => isTold(queryKey[0]) });
      }),
  );

  useEvents<News>(may('events', 'read') ? projectPath('/events') : null, {
    onEvent: (news, name) => gatherer.add(name === 'resync' ? '*' : (news.topic ?? '*')),
  });

  useEffect(() => () => gatherer.stop(), [gatherer]);
  return null;
}
