import Alert from '@mui/material/Alert';
import { useQuery } from '@tanstack/react-query';
import { useTranslate } from 'react-admin';
import type { ApiError } from '../providers/api-error';
import { send } from '../providers/send';

const LOOK_MS = 60_000;

/** While the installation's disk is full every page says so: jobs stand still, and what is sent is not kept. */
export function DiskNotice() {
  const translate = useTranslate();
  const { data: full } = useQuery({
    queryKey: ['disk-room'],
    queryFn: async ({ signal }) => {
      try {
        await send('/health/ready', { signal });
        return false;
      } catch (error) {
        return (error as ApiError).code === 'health.disk_full';
      }
    },
    refetchInterval: LOOK_MS,
    staleTime: LOOK_MS,
  });
  if (!full) return null;
  return (
    <Alert severity="error" square sx={{ borderRadius: 0 }}>
      {translate('errors.health.disk_full')}
    </Alert>
  );
}
