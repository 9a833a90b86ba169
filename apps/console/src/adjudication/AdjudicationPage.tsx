import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import type { AdjudicationView } from '@qingnang/contracts';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNotify, useTranslate } from 'react-admin';
import { Link, useParams } from 'react-router-dom';
import { Section } from '../components/Section';
import { TextLink } from '../components/TextLink';
import { When } from '../components/When';
import { TurnList } from '../dialogue/TurnList';
import { ErrorState } from '../listing/ErrorState';
import { PageHeader } from '../listing/PageHeader';
import { RowsSkeleton } from '../listing/RowsSkeleton';
import type { ApiError } from '../providers/api-error';
import { api } from '../providers/http';
import { projectPath } from '../session/project';
import { useMayDo } from '../session/useMayDo';
import { AnswerCards } from './parts/AnswerCards';
import { Notes } from './parts/Notes';

/** Back from the doctors, where nobody has it in hand. */
function Recall({ view }: { view: AdjudicationView }) {
  const translate = useTranslate();
  const notify = useNotify();
  const queries = useQueryClient();
  const recall = useMutation({
    mutationFn: () => api.post(projectPath(`/adjudications/${view.id}/recall`)),
    onSuccess: () => {
      notify('resources.adjudications.recall_done');
      void queries.invalidateQueries({ queryKey: ['adjudications'] });
    },
    onError: (error) => notify((error as unknown as ApiError).detail, { type: 'error' }),
  });
  return (
    <Button variant="outlined" disabled={recall.isPending} onClick={() => recall.mutate()}>
      {translate('resources.adjudications.recall')}
    </Button>
  );
}

function Actions({ view }: { view: AdjudicationView }) {
  const translate = useTranslate();
  const may = useMayDo();
  if (view.state !== 'waiting') return null;
  const leads = may('adjudications', 'update');
  return (
    <>
      {leads && view.desk === 'doctor' && <Recall view={view} />}
      {(view.desk === 'doctor' || leads) && (
        <Button variant="contained" component={Link} to={`/work/adjudication/${view.deskTaskSetId}?task=${view.id}`}>
          {translate('resources.adjudications.open')}
        </Button>
      )}
    </>
  );
}

/** One of them, whole: the dialogue, every answer, what was written back. */
export default function AdjudicationPage() {
  const translate = useTranslate();
  const may = useMayDo();
  const { id = '' } = useParams();
  const {
    data: view,
    error,
    refetch,
  } = useQuery({
    queryKey: ['adjudications', 'page', id],
    queryFn: async ({ signal }) =>
      (await api.get<AdjudicationView>(projectPath(`/adjudications/${id}`), undefined, { signal })).data,
  });
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (!view) return <RowsSkeleton rows={5} height={80} />;
  const say = (key: string, options?: object) => translate(`resources.adjudications.${key}`, options);
  const where = view.holder ? `${say(`desks.${view.desk}`)} · ${view.holder.name}` : say(`desks.${view.desk}`);
  return (
    <>
      <PageHeader
        title={view.question}
        lead={
          <>
            {say(`whys.${view.why}`)} ·{' '}
            {view.state === 'waiting' ? say('at', { who: where }) : say(`states.${view.state}`)} ·{' '}
            {may('task-sets', 'read') ? (
              <TextLink to={`/task-sets/${view.taskSetId}/show`}>{view.taskSetName}</TextLink>
            ) : (
              view.taskSetName
            )}
            {may('records', 'read') && (
              <>
                {' '}
                ·{' '}
                <TextLink to={`/records/${view.recordId}/show`}>{translate('resources.answers.open_record')}</TextLink>
              </>
            )}{' '}
            · <When at={view.updatedAt} />
          </>
        }
        actions={<Actions view={view} />}
      />
      <Box sx={{ display: 'grid', gap: 2, gridTemplateColumns: 'minmax(0, 1fr)' }}>
        <Section title={translate('resources.polish-review.original')}>
          <TurnList
            turns={view.turns.map(({ role, original, suggestion }) => ({ role, text: original ?? suggestion.text }))}
          />
        </Section>
        <Section title={say('answers')}>
          <AnswerCards view={view} />
        </Section>
        <Section title={say('notes')}>
          <Notes notes={view.notes} />
        </Section>
      </Box>
    </>
  );
}
