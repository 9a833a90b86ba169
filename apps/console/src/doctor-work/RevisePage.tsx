import Alert from '@mui/material/Alert';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import type { ReferenceView } from '@qingnang/contracts';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useNotify, useTranslate } from 'react-admin';
import { useNavigate, useParams } from 'react-router-dom';
import { ErrorState } from '../listing/ErrorState';
import { PageHeader } from '../listing/PageHeader';
import { RowsSkeleton } from '../listing/RowsSkeleton';
import { api } from '../providers/http';
import type { ApiError } from '../providers/api-error';
import { projectPath } from '../session/project';
import { ReferenceInputs } from './parts/ReferenceInputs';
import type { ReferenceWords } from './session/kinds';

function Form({ reference, etag }: { reference: ReferenceView; etag: string }) {
  const translate = useTranslate();
  const notify = useNotify();
  const navigate = useNavigate();
  const [words, setWords] = useState<ReferenceWords>({
    kind: reference.kind,
    text: reference.text ?? '',
    afterExposure: reference.afterExposure,
  });
  const save = useMutation({
    mutationFn: () => api.post(projectPath(`/work/references/${reference.id}/revisions`), words, { ifMatch: etag }),
    onSuccess: () => {
      notify(translate('resources.doctor-work.revised'));
      navigate('/work');
    },
  });
  const failure = save.error as ApiError | null;
  return (
    <Box sx={{ display: 'grid', gap: 2, maxWidth: 680, mx: 'auto' }}>
      <PageHeader
        title={translate('resources.doctor-work.revise_last')}
        lead={translate('resources.doctor-work.revise_lead', { n: reference.revision })}
      />
      <ReferenceInputs
        words={words}
        exposed={reference.afterExposure || failure?.code === 'reference.exposed'}
        disabled={save.isPending}
        onChange={(changes) => setWords({ ...words, ...changes })}
      />
      {failure && (
        <Alert severity="error" variant="outlined">
          {failure.detail}
        </Alert>
      )}
      <Button
        variant="contained"
        size="large"
        disabled={save.isPending || (words.kind !== 'cannot_answer' && words.text.trim() === '')}
        onClick={() => save.mutate()}
        sx={{ justifySelf: 'start', minHeight: 48 }}
      >
        {translate('resources.doctor-work.submit')}
      </Button>
    </Box>
  );
}

/** A further revision of a reference of one's own; the earlier one is kept. */
export default function RevisePage() {
  const { id } = useParams();
  const { data, error, refetch } = useQuery({
    queryKey: ['references', 'own', id],
    queryFn: async ({ signal }) => api.get<ReferenceView>(projectPath(`/work/references/${id}`), undefined, { signal }),
  });
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (!data) return <RowsSkeleton rows={5} />;
  return <Form reference={data.data} etag={data.etag ?? `"${data.data.revision}"`} />;
}
