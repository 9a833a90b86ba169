import type { LlmEstimate, NewLlmJobBody } from '@qingnang/contracts';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { api } from '../providers/http';
import { projectPath } from '../session/project';

const QUIET_MS = 350;

/** The estimate of what the form says, asked once the hands are still. */
export function useEstimate(body: NewLlmJobBody | null) {
  // The name changes no figure.
  const asked = body === null ? null : JSON.stringify({ ...body, name: '-' });
  const [still, setStill] = useState(asked);
  useEffect(() => {
    const timer = setTimeout(() => setStill(asked), QUIET_MS);
    return () => clearTimeout(timer);
  }, [asked]);
  const query = useQuery({
    queryKey: ['llm-job-estimate', still],
    enabled: still !== null,
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }) =>
      (await api.post<LlmEstimate>(projectPath('/llm-jobs/estimate'), JSON.parse(still ?? '{}'), { signal })).data,
  });
  return { ...query, isCurrent: still === asked && query.isSuccess && !query.isPlaceholderData };
}
