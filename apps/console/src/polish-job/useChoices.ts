import type { ListReply, PromptTemplateView, ProviderView, RecordFacets } from '@qingnang/contracts';
import { useQuery } from '@tanstack/react-query';
import { api } from '../providers/http';
import { projectPath } from '../session/project';

function useRead<T>(resource: string, path: string, query: Record<string, string | number> = {}) {
  return useQuery({
    queryKey: [resource, 'choices', path, query],
    queryFn: async ({ signal }) => (await api.get<T>(projectPath(path), query, { signal })).data,
  });
}

/** Everything a new job is chosen from. */
export function useChoices() {
  const facets = useRead<RecordFacets>('records', '/records/facets');
  const templates = useRead<ListReply<PromptTemplateView>>('prompt-templates', '/prompt-templates', {
    purpose: 'polish',
    perPage: 200,
    sort: 'createdAt',
    order: 'asc',
  });
  const providers = useRead<ListReply<ProviderView>>('providers', '/providers', {
    state: 'active',
    perPage: 200,
    sort: 'createdAt',
    order: 'asc',
  });
  return {
    facets: facets.data,
    templates: templates.data?.items ?? [],
    providers: providers.data?.items ?? [],
    error: facets.error ?? templates.error ?? providers.error,
    isPending: facets.isPending || templates.isPending || providers.isPending,
    refetch: () => void Promise.all([facets.refetch(), templates.refetch(), providers.refetch()]),
  };
}
