import Box from '@mui/material/Box';
import Typography from '@mui/material/Typography';
import type { WebhookView } from '@qingnang/contracts';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useTranslate } from 'react-admin';
import { ErrorState } from '../listing/ErrorState';
import { PageHeader } from '../listing/PageHeader';
import { RowsSkeleton } from '../listing/RowsSkeleton';
import { api } from '../providers/http';
import { projectPath } from '../session/project';
import { Deliveries } from './Deliveries';
import { WebhookForm } from './WebhookForm';

/** Who hears of runs in trouble, and what became of each message. */
export default function WebhookPage() {
  const translate = useTranslate();
  const client = useQueryClient();
  const { data, error, refetch, dataUpdatedAt } = useQuery({
    queryKey: ['webhook'],
    queryFn: async ({ signal }) => (await api.get<WebhookView>(projectPath('/webhook'), undefined, { signal })).data,
  });
  // News of a message are news of this page; its rows are read under a name of their own.
  useEffect(() => {
    void client.invalidateQueries({ queryKey: ['webhook/deliveries'] });
  }, [client, dataUpdatedAt]);
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} />;
  return (
    <>
      <PageHeader title={translate('resources.webhook.name')} lead={translate('resources.webhook.lead')} />
      {data ? <WebhookForm key={data.revision} webhook={data} /> : <RowsSkeleton rows={4} />}
      <Box sx={{ mt: 3 }}>
        <Typography variant="h2" sx={{ mb: 1 }}>
          {translate('resources.webhook.log')}
        </Typography>
        <Deliveries />
      </Box>
    </>
  );
}
