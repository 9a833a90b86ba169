import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import type { SuiteView } from '@qingnang/contracts';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Confirm, useNotify, useTranslate } from 'react-admin';
import { Link, useParams } from 'react-router-dom';
import { useDetail } from '../llm-jobs/useDetail';
import { ErrorState } from '../listing/ErrorState';
import { PageHeader } from '../listing/PageHeader';
import { RowsSkeleton } from '../listing/RowsSkeleton';
import { api } from '../providers/http';
import { projectPath } from '../session/project';
import { useMayDo } from '../session/useMayDo';
import { SuiteItems } from './SuiteItems';

function Freeze({ id }: { id: string }) {
  const translate = useTranslate();
  const notify = useNotify();
  const client = useQueryClient();
  const [asking, setAsking] = useState(false);
  const freeze = useMutation({
    mutationFn: () => api.post(projectPath(`/suites/${id}/freeze`)),
    onSuccess: () => notify(translate('resources.suites.frozen')),
    onError: (error: Error) => notify(error.message, { type: 'error' }),
    onSettled: async () => {
      setAsking(false);
      await client.invalidateQueries({ queryKey: ['suites'] });
    },
  });
  return (
    <>
      <Button variant="contained" onClick={() => setAsking(true)}>
        {translate('resources.suites.freeze')}
      </Button>
      <Confirm
        isOpen={asking}
        loading={freeze.isPending}
        title="resources.suites.freeze"
        content="resources.suites.freeze_sure"
        onConfirm={() => freeze.mutate()}
        onClose={() => setAsking(false)}
      />
    </>
  );
}

export default function SuiteShow() {
  const translate = useTranslate();
  const may = useMayDo();
  const { id = '' } = useParams();
  const { data: suite, error, refetch } = useDetail<SuiteView>('suites', `/suites/${id}`);
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (!suite) return <RowsSkeleton rows={6} />;
  const draft = suite.state === 'draft';
  return (
    <Box sx={{ display: 'grid', gap: 2 }}>
      <PageHeader
        title={translate('resources.suites.title', { name: suite.name, version: suite.version })}
        lead={translate(`resources.suites.states.${suite.state}`)}
        actions={
          <>
            {draft && may('suites', 'update') && <Freeze id={id} />}
            {!draft && may('evaluations', 'run') && (
              <Button variant="contained" component={Link} to={`/evaluations/create?suite=${id}`}>
                {translate('resources.suites.compare')}
              </Button>
            )}
          </>
        }
      />
      <SuiteItems suiteId={id} />
    </Box>
  );
}
