import { useQuery } from '@tanstack/react-query';
import { api } from '../../providers/http';
import { projectPath } from '../../session/project';

/** Rows that belong to a set; read again with the news of task sets. */
export function useOfSet<Item>(setId: string, what: 'people' | 'alarms') {
  return useQuery({
    queryKey: ['task-sets', setId, what],
    queryFn: async ({ signal }) =>
      (await api.get<{ items: Item[] }>(projectPath(`/task-sets/${setId}/${what}`), undefined, { signal })).data.items,
  });
}
