import type { SnapshotPreview, SnapshotPreviewRequest } from '@qingnang/contracts';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { api } from '../../providers/http';
import { projectPath } from '../../session/project';

const QUIET_MS = 350;

/** What freezing would take, asked once the hands are still. */
export function usePreview(body: SnapshotPreviewRequest | null) {
  const asked = body === null ? null : JSON.stringify(body);
  const [still, setStill] = useState(asked);
  useEffect(() => {
    const timer = setTimeout(() => setStill(asked), QUIET_MS);
    return () => clearTimeout(timer);
  }, [asked]);
  const query = useQuery({
    queryKey: ['snapshot-preview', still],
    enabled: still !== null,
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }) =>
      (await api.post<SnapshotPreview>(projectPath('/snapshots/preview'), JSON.parse(still ?? '{}'), { signal })).data,
  });
  return { ...query, isCurrent: still === asked && query.isSuccess && !query.isPlaceholderData };
}
