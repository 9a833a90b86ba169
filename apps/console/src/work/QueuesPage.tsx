import Box from '@mui/material/Box';
import type { WorkQueue } from '@qingnang/contracts';
import { useQuery } from '@tanstack/react-query';
import { useTranslate } from 'react-admin';
import { EmptyState } from '../listing/EmptyState';
import { ErrorState } from '../listing/ErrorState';
import { PageHeader } from '../listing/PageHeader';
import { RowsSkeleton } from '../listing/RowsSkeleton';
import { api } from '../providers/http';
import { projectPath } from '../session/project';
import { NewReplies } from './Replies';
import { QueueCard } from './QueueCard';

function useQueues() {
  return useQuery({
    // Handing in and closing a queue are news of its task set.
    queryKey: ['task-sets', 'queues'],
    queryFn: async ({ signal }) =>
      (await api.get<{ items: WorkQueue[] }>(projectPath('/work/queues'), undefined, { signal })).data.items,
  });
}

/** My queues: what waits for me, about how long it takes, one button each. */
export default function QueuesPage() {
  const translate = useTranslate();
  const { data, error, refetch } = useQueues();
  return (
    <Box sx={{ maxWidth: 720 }}>
      <PageHeader title={translate('resources.work.queues')} />
      <NewReplies />
      {error && <ErrorState error={error} onRetry={() => void refetch()} />}
      {!error && !data && <RowsSkeleton rows={3} height={120} />}
      {data?.length === 0 && (
        <EmptyState title={translate('resources.work.empty')} text={translate('resources.work.empty_text')} />
      )}
      <Box component="ul" sx={{ listStyle: 'none', m: 0, p: 0, display: 'grid', gap: 2 }}>
        {data?.map((queue, index) => (
          <QueueCard
            key={queue.taskSetId}
            queue={queue}
            first={index === data.findIndex(({ waiting }) => waiting > 0)}
          />
        ))}
      </Box>
    </Box>
  );
}
