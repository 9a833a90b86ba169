import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { api } from '../providers/http';
import { projectPath } from '../session/project';

/** What stands at a path of the project, read again whenever news of `topic` come. */
export function useDetail<T>(topic: string, path: string) {
  return useQuery({
    queryKey: [topic, 'detail', path],
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }) => (await api.get<T>(projectPath(path), undefined, { signal })).data,
  });
}
