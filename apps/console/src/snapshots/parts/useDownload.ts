import type { SnapshotFileRequest, SnapshotFileTicket } from '@qingnang/contracts';
import { useMutation } from '@tanstack/react-query';
import { useNotify } from 'react-admin';
import { api, saveFrom } from '../../providers/http';
import { projectPath } from '../../session/project';

/** Asks for the address of a file and lets the browser stream it to disk. */
export function useDownload(id: string) {
  const notify = useNotify();
  return useMutation({
    mutationFn: async (file: SnapshotFileRequest) => {
      const path = projectPath(`/snapshots/${id}/download-ticket`);
      const { data } = await api.post<SnapshotFileTicket>(path, file);
      saveFrom(data.url);
      return data;
    },
    onError: (error: Error) => notify(error.message, { type: 'error' }),
  });
}
