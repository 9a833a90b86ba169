import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { api } from '../providers/http';
import { projectPath } from '../session/project';

/**
 * One resource whole, read again whenever news of `topic` come. Not by react-admin's `useGetOne`, which takes the shorter
 * row of a list for the whole.
 */
export function useDetail<T>(topic: string, path: string) {
  return useQuery({
    queryKey: [topic, 'detail', path],
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }) => (await api.get<T>(projectPath(path), undefined, { signal })).data,
  });
}
