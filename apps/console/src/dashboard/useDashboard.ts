import type { Dashboard } from '@qingnang/contracts';
import { useQuery } from '@tanstack/react-query';
import { api } from '../providers/http';
import { projectPath } from '../session/project';
import { useMayDo } from '../session/useMayDo';

const REFRESH_MS = 15_000;

/** Where the project stands, asked anew while the page is in view; header and dashboard share one answer. */
export function useDashboard() {
  const may = useMayDo();
  return useQuery({
    queryKey: ['dashboard'],
    queryFn: async ({ signal }) => (await api.get<Dashboard>(projectPath('/dashboard'), undefined, { signal })).data,
    enabled: may('dashboard', 'read'),
    refetchInterval: REFRESH_MS,
  });
}
