import type { RecordFacets } from '@qingnang/contracts';
import { useQuery } from '@tanstack/react-query';
import { useTranslate } from 'react-admin';
import { api } from '../providers/http';
import { projectPath } from '../session/project';

export interface FacetChoice {
  id: string;
  name: string;
}

export interface FacetChoices {
  dataSets: FacetChoice[];
  departments: FacetChoice[];
  states: FacetChoice[];
}

/** The values there are, each with its count, as choices for filters. */
export function useFacets(): FacetChoices {
  const translate = useTranslate();
  const { data } = useQuery({
    queryKey: ['records', 'facets'],
    queryFn: async ({ signal }) =>
      (await api.get<RecordFacets>(projectPath('/records/facets'), undefined, { signal })).data,
    staleTime: 30_000,
  });
  const counted = (id: string, name: string, count: number) => ({ id, name: `${name}  ${count.toLocaleString()}` });
  const say = (group: string, key: string) => translate(`resources.records.${group}.${key}`, { _: key });
  return {
    dataSets: (data?.dataSets ?? []).map(({ value, count }) => counted(value, say('data_sets', value), count)),
    states: (data?.states ?? []).map(({ value, count }) => counted(value, say('states', value), count)),
    departments: (data?.departments ?? []).flatMap(({ value, count }) =>
      value === null ? [] : [counted(value, value, count)],
    ),
  };
}
